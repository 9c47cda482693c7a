/** A proxy in front of PostgreSQL that a test can cut, or make silent, and mend again. */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  /** The URL given, with the proxy's address in it. */
  url: string;
  /** Resets all connections and refuses new ones. */
  cut(): void;
  /** Keeps all connections and takes new ones, but passes nothing on in either direction. */
  silence(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function createTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  // PostgreSQL's URLs may name the directory of a socket.
  const host = decodeURIComponent(target.hostname);
  const sockets = new Set<Socket>();
  let mode: 'open' | 'cut' | 'silent' = 'open';
  const server = net.createServer((near) => {
    if (mode === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = host.startsWith('/')
      ? net.connect(`${host}/.s.PGSQL.${target.port}`)
      : net.connect(Number(target.port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (mode === 'open') to.write(chunk);
      });
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reset = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: targetUrl.replace(/@[^/]*\//, `@127.0.0.1:${port}/`),
    cut() {
      mode = 'cut';
      reset();
    },
    silence() {
      mode = 'silent';
    },
    mend() {
      // What was swallowed is lost, so the connections of before are of no use.
      if (mode === 'silent') reset();
      mode = 'open';
    },
    async close() {
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
