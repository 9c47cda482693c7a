/** Typed queries and mutations: `$api.useQuery('get', '/api/v1/…', { params: { query } })`. */
import createQueryHooks from 'openapi-react-query';
import { api } from './client.ts';

export const $api = createQueryHooks(api);
