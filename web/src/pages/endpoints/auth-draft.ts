/** How a receiver is told who calls: what the form holds of it. */
export const AUTH_TYPES = ['none', 'basic', 'bearer', 'oauth2'] as const;
export type AuthType = (typeof AUTH_TYPES)[number];

export interface AuthDraft {
  type: AuthType;
  username: string;
  password: string;
  token: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  /** What the form does not know of it. */
  rest: Record<string, unknown>;
}

/** As the server keeps it; secrets never come back, so they are empty. */
export function authOf(auth: Record<string, unknown>, fallback: AuthType = 'none'): AuthDraft {
  const { type, username, password, token, tokenUrl, clientId, clientSecret, scope, ...rest } = auth;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    type: AUTH_TYPES.find((name) => name === type) ?? fallback,
    username: text(username),
    password: '',
    token: '',
    tokenUrl: text(tokenUrl),
    clientId: text(clientId),
    clientSecret: '',
    scope: text(scope),
    rest,
  };
}

/** `config.auth`; secrets that were not typed are left out, which keeps those that are there. */
export function authConfig(auth: AuthDraft): Record<string, unknown> | undefined {
  const secret = (name: string, value: string) => (value === '' ? {} : { [name]: value });
  switch (auth.type) {
    case 'none':
      return undefined;
    case 'basic':
      return { type: 'basic', username: auth.username.trim(), ...secret('password', auth.password) };
    case 'bearer':
      return { type: 'bearer', ...secret('token', auth.token.trim()) };
    case 'oauth2':
      return {
        ...auth.rest,
        type: 'oauth2',
        tokenUrl: auth.tokenUrl.trim(),
        clientId: auth.clientId.trim(),
        ...secret('clientSecret', auth.clientSecret),
        ...(auth.scope.trim() === '' ? {} : { scope: auth.scope.trim() }),
      };
  }
}
