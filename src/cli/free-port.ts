/** Ports for the demo, which must not fail because `npm start` runs beside it. */
import { type AddressInfo, createServer } from 'node:net';

/** Whether this process could listen there now. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return tryListen(host, port).then(
    () => true,
    () => false,
  );
}

/** A port that was free a moment ago. */
export function freePort(host: string): Promise<number> {
  return tryListen(host, 0);
}

function tryListen(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const { port: got } = server.address() as AddressInfo;
      server.close(() => resolve(got));
    });
  });
}
