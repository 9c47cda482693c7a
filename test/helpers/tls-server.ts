/** A real TLS server with a certificate of the authority in test/fixtures/tls. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The authority's certificate: path, for NODE_EXTRA_CA_CERTS, and text. */
export const TEST_CA = {
  path: fixture('ca.pem').pathname,
  pem: readFileSync(fixture('ca.pem'), 'utf8'),
};

export interface TlsServer {
  port: number;
  close(): Promise<void>;
}

/** On 127.0.0.1, with the certificate that holds or the one that has expired. */
export async function tlsServer(
  answer: RequestListener,
  certificate: 'receiver' | 'expired' = 'receiver',
): Promise<TlsServer> {
  const options = { key: readFileSync(fixture('receiver-key.pem')), cert: readFileSync(fixture(`${certificate}.pem`)) };
  const server = createServer(options, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function fixture(name: string): URL {
  return new URL(`../fixtures/tls/${name}`, import.meta.url);
}
