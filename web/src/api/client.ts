/** The API of the server that served this page, typed by its openapi.json: a change there that breaks a page breaks the build. */
import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError } from './api-error.ts';
import type { paths } from './schema.generated.ts';

const failures: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined;
    throw await ApiError.from(response);
  },
  onError({ error }) {
    return ApiError.unreachable(error);
  },
};

/** `api.GET('/api/v1/…', {params})` → `{data}`; every failure is thrown as ApiError. Use `unwrap` for the data alone. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(failures);

/** The body of an answer: `await unwrap(api.GET(…))`. Failures were thrown before, so it is there. */
export async function unwrap<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await call;
  if (data === undefined) throw await ApiError.from(response);
  return data;
}
