/** A small OpenID Connect provider: discovery, authorization (who is decided by the test), token with PKCE, keys. */
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OidcProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in at it next. */
  person: Record<string, unknown>;
  /** Replaces claims of the ID tokens it issues, for attacks. */
  forge: Record<string, unknown>;
  /** Requests it got. */
  asked: number;
  close(): Promise<void>;
}

interface Grant {
  challenge: string;
  redirectUri: string;
  nonce: string | null;
  person: Record<string, unknown>;
}

/** Starts it; on a free port unless told which. */
export async function startOidcProvider(port = 0): Promise<OidcProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const provider: OidcProvider = {
    issuer: '',
    clientId: 'gradewire',
    clientSecret: 'a secret of the provider',
    person: { sub: 'p-1', email: 'asha@example.org', email_verified: true, name: 'Asha Rao' },
    forge: {},
    asked: 0,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function idToken(grant: Grant): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: provider.issuer, aud: provider.clientId, iat: now, exp: now + 300, nonce: grant.nonce };
    const text = `${part({ alg: 'RS256', kid: 'k1' })}.${part({ ...claims, ...grant.person, ...provider.forge })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
  }

  async function token(request: http.IncomingMessage): Promise<[number, object]> {
    const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const grant = grants.get(body.get('code') ?? '');
    grants.delete(body.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const right =
      grant?.challenge === challenge &&
      grant.redirectUri === body.get('redirect_uri') &&
      body.get('client_secret') === provider.clientSecret;
    if (!right) return [400, { error: 'invalid_grant' }];
    return [200, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken(grant) }];
  }

  const server = http.createServer(async (request, response) => {
    provider.asked += 1;
    const url = new URL(request.url ?? '/', provider.issuer);
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.pathname === '/.well-known/openid-configuration') {
      const { issuer } = provider;
      return send(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
    if (url.pathname === '/jwks') {
      return send(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] });
    }
    if (url.pathname === '/token') return send(...(await token(request)));
    if (url.pathname !== '/authorize') return send(404, {});
    const query = url.searchParams;
    const code = randomUUID();
    const redirectUri = query.get('redirect_uri') ?? '';
    grants.set(code, {
      challenge: query.get('code_challenge') ?? '',
      redirectUri,
      nonce: query.get('nonce'),
      person: provider.person,
    });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return provider;
}
