/** The headers of a call to an LRS. */
import type { Endpoint } from '../../endpoint.ts';
import type { KindTools } from '../kind.ts';
import { configOf } from './config.ts';

/** The version of xAPI that we speak; an LRS refuses calls that name none. */
const VERSION = '1.0.3';

export function headersOf(endpoint: Endpoint, tools: Pick<KindTools, 'version'>): Record<string, string> {
  const { auth } = configOf(endpoint);
  return {
    'content-type': 'application/json',
    'user-agent': `Gradewire/${tools.version}`,
    'x-experience-api-version': VERSION,
    ...(auth?.type === 'basic'
      ? { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
      : {}),
    ...(auth?.type === 'bearer' ? { authorization: `Bearer ${auth.token}` } : {}),
  };
}

/** As the log shows them: that there was a credential, and not which. */
export function shown(headers: Record<string, string>): Record<string, string> {
  const { authorization } = headers;
  if (authorization === undefined) return headers;
  return { ...headers, authorization: `${authorization.split(' ', 1)[0]} [redacted]` };
}
