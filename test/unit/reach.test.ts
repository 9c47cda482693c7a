/** Whether platforms can reach an address, as far as the address itself tells. */
import { expect, test } from 'vitest';
import { reachOf } from '../../src/sources/reach.ts';

test.each([
  ['http://127.0.0.1:8080', 'loopback'],
  ['https://localhost', 'loopback'],
  ['http://[::1]:8080', 'loopback'],
  ['https://192.168.1.5', 'private'],
  ['https://172.20.0.1', 'private'],
  ['https://[fd00::1]', 'private'],
  ['https://gradewire', 'private'],
  ['https://gradewire.lan', 'private'],
  ['http://hooks.example.org', 'plain_http'],
  ['http://8.8.8.8', 'plain_http'],
  ['https://hooks.example.org', null],
  ['https://8.8.8.8', null],
])('%s: %s', (url, problem) => {
  expect(reachOf(url)).toEqual({ ok: problem === null, problem });
});
