import type { NestExpressApplication } from '@nestjs/platform-express';
import { SystemClock } from '#libs/scheduler';

/** Answers in hand take milliseconds; who has not even sent the whole request is not waited for. */
const GRACE_MS = 1000;

/** Closes an HTTP application: finishes what it is answering, then drops what still hangs. */
export async function closeHttp(app: NestExpressApplication): Promise<void> {
  const cancelDrop = new SystemClock().after(GRACE_MS, () =>
    app.getHttpServer().closeAllConnections(),
  );
  try {
    await app.close();
  } finally {
    cancelDrop();
  }
}
