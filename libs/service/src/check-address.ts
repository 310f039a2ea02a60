import { createServer } from 'node:net';

/**
 * Fails at once when the address cannot be listened on, before minutes are spent on loading.
 *
 * @throws the error of the operating system: EADDRINUSE, EADDRNOTAVAIL, EACCES, ENOTFOUND
 */
export function checkAddress(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
