import type { NestExpressApplication } from '@nestjs/platform-express';

/** Answers in hand take milliseconds; who has not even sent the whole request is not waited for. */
const GRACE_MS = 1000;

/** Closes an HTTP application: finishes what it is answering, then drops what still hangs. */
export async function closeHttp(app: NestExpressApplication): Promise<void> {
  const drop = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(drop);
  }
}
