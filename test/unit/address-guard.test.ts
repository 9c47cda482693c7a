/** Which addresses may be called: a table of every special network, disguises of private addresses, and lists that allow some. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressGuard } from '../../src/delivery/http/address-guard.ts';

const closed = addressGuard(false);

const REFUSED: readonly (readonly [address: string, why: RegExp])[] = [
  ['0.0.0.0', /unspecified/],
  ['0.1.2.3', /unspecified/],
  ['10.0.0.1', /private/],
  ['10.255.255.255', /private/],
  ['100.64.0.1', /CGNAT/],
  ['100.100.100.200', /CGNAT/],
  ['100.127.255.255', /CGNAT/],
  ['127.0.0.1', /loopback/],
  ['127.255.255.254', /loopback/],
  ['168.63.129.16', /metadata/],
  ['169.254.0.1', /link-local/],
  ['169.254.169.254', /metadata/],
  ['172.16.0.1', /private/],
  ['172.31.255.255', /private/],
  ['192.0.0.192', /reserved/],
  ['192.0.2.1', /documentation/],
  ['192.88.99.1', /6to4/],
  ['192.168.0.1', /private/],
  ['198.18.0.1', /benchmarks/],
  ['198.19.255.255', /benchmarks/],
  ['198.51.100.1', /documentation/],
  ['203.0.113.1', /documentation/],
  ['224.0.0.1', /multicast/],
  ['239.255.255.255', /multicast/],
  ['240.0.0.1', /reserved/],
  ['255.255.255.255', /broadcast/],
  ['::', /unspecified/],
  ['::1', /loopback/],
  ['::127.0.0.1', /no longer used/],
  ['::8.8.8.8', /no longer used/],
  ['::ffff:127.0.0.1', /loopback/],
  ['::ffff:7f00:1', /loopback/],
  ['::ffff:0:127.0.0.1', /translation/],
  ['64:ff9b::10.0.0.1', /private/],
  ['64:ff9b::a9fe:a9fe', /metadata/],
  ['64:ff9b:1::8.8.8.8', /NAT64/],
  ['64:ff9b:1:abcd::1', /NAT64/],
  ['64:ff9b:0:0:1::1', /reserved/],
  ['100::1', /discarded/],
  ['2001::1', /Teredo/],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', /Teredo/],
  ['2001:2::1', /protocols/],
  ['2001:10::1', /protocols/],
  ['2001:20::1', /protocols/],
  ['2001:db8::1', /documentation/],
  ['2002:7f00:1::1', /6to4/],
  ['2002:808:808::1', /6to4/],
  ['3fff::1', /documentation/],
  ['3fff:fff::1', /documentation/],
  ['4000::1', /reserved/],
  ['5f00::1', /reserved/],
  ['fc00::1', /private/],
  ['fd00::1', /private/],
  ['fd00:ec2::254', /metadata/],
  ['fd20:ce::254', /private/],
  ['fe80::1', /link-local/],
  ['fe80::1%eth0', /link-local/],
  ['fec0::1', /private/],
  ['ff02::1', /multicast/],
  ['2a00:1450:4001::5efe:10.0.0.1', /ISATAP/],
  ['2a00:1450:4001::200:5efe:a00:1', /ISATAP/],
  ['not an address', /cannot be read/],
  ['', /cannot be read/],
  ['1.2.3', /cannot be read/],
  ['01.2.3.4', /cannot be read/],
];

const ALLOWED = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.1',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00:1450:4001:830::200e',
  '3ffe::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

describe('addresses', () => {
  it.each(REFUSED)('%s is refused', (address, why) => {
    expect(closed.refusal(address, 'https:')).toMatch(why);
  });

  it.each(ALLOWED)('%s may be called', (address) => {
    expect(closed.refusal(address, 'https:')).toBeNull();
  });

  it('asks for encryption towards the public internet', () => {
    expect(closed.refusal('8.8.8.8', 'http:')).toMatch(/encryption/);
    expect(addressGuard(['10.0.0.0/8']).refusal('8.8.8.8', 'http:')).toMatch(/encryption/);
    expect(addressGuard(['8.8.8.0/24']).refusal('8.8.8.8', 'http:')).toBeNull();
  });

  it('allows everything when told so', () => {
    const open = addressGuard(true);
    for (const [address] of REFUSED) expect(open.refusal(address, 'http:')).toBeNull();
    expect(open.urlProblem('http://localhost:9000/hook')).toBeNull();
  });

  it('allows what a list holds, and nothing beside it', () => {
    const some = addressGuard(['10.1.0.0/16', '127.0.0.1/32', 'fd00:1::/32', '::ffff:192.168.7.0/120']);
    for (const address of [
      '10.1.2.3',
      '::ffff:10.1.2.3',
      '64:ff9b::10.1.2.3',
      '127.0.0.1',
      'fd00:1::5',
      '192.168.7.9',
    ]) {
      expect([address, some.refusal(address, 'http:')]).toEqual([address, null]);
    }
    for (const address of ['10.2.0.1', '127.0.0.2', 'fd00:2::5', '192.168.8.1', '2002:a01:203::1', '::10.1.2.3']) {
      expect([address, some.refusal(address, 'https:')]).toEqual([address, expect.any(String)]);
    }
    expect(addressGuard(['0.0.0.0/0']).refusal('10.0.0.1', 'https:')).toBeNull();
    expect(addressGuard(['0.0.0.0/0']).refusal('fd00::1', 'https:')).toMatch(/private/);
    expect(addressGuard(['::/0']).refusal('10.0.0.1', 'https:')).toMatch(/private/);
  });
});

const byte = fc.integer({ min: 0, max: 255 });
const PRIVATE: readonly (readonly [number, number | null, number | null])[] = [
  [10, null, null],
  [127, null, null],
  [169, 254, null],
  [172, 16, null],
  [172, 31, null],
  [192, 168, null],
  [100, 64, null],
  [0, null, null],
  [224, null, null],
  [255, 255, 255],
];
const privateAddress = fc
  .tuple(fc.constantFrom(...PRIVATE), byte, byte, byte)
  .map(([[a, b, c], x, y, z]) => [a, b ?? x, c ?? y, z]);

/** Everything that has been used to smuggle an IPv4 address past a filter. */
const hex = (n: number) => n.toString(16);
const two = (a: number, b: number) => hex((a << 8) | b);
const pair = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => `${two(a, b)}:${two(c, d)}`;
const inverted = (bytes: readonly number[]) => pair(bytes.map((each) => each ^ 0xff));
const ADDRESS_DISGUISES: Readonly<Record<string, (bytes: readonly number[]) => string>> = {
  plain: (bytes) => bytes.join('.'),
  mapped: (bytes) => `::ffff:${bytes.join('.')}`,
  'mapped in hex': (bytes) => `0:0:0:0:0:FFFF:${pair(bytes).toUpperCase()}`,
  compatible: (bytes) => `::${pair(bytes)}`,
  translated: (bytes) => `::ffff:0:${pair(bytes)}`,
  NAT64: (bytes) => `64:ff9b::${pair(bytes)}`,
  'local NAT64': (bytes) => `64:ff9b:1::${pair(bytes)}`,
  '6to4': (bytes) => `2002:${pair(bytes)}::1`,
  Teredo: (bytes) => `2001:0:808:808:0:0:${inverted(bytes)}`,
  'Teredo server': (bytes) => `2001:0:${pair(bytes)}:0:0:f7f7:f7f7`,
  ISATAP: (bytes) => `2a00:1450:1:1:0:5efe:${pair(bytes)}`,
  'with a zone': (bytes) => `::ffff:${bytes.join('.')}%1`,
};

describe('disguises of an address that is not public', () => {
  for (const [name, disguise] of Object.entries(ADDRESS_DISGUISES)) {
    it(`${name}: never allowed`, () => {
      fc.assert(
        fc.property(privateAddress, (bytes) => {
          expect(closed.refusal(disguise(bytes), 'https:')).not.toBeNull();
          if (!disguise(bytes).includes(':') || name === 'with a zone') return;
          expect(closed.urlProblem(`https://[${disguise(bytes)}]/hook`)).not.toBeNull();
        }),
      );
    });
  }

  const octal = (n: number) => `0${n.toString(8)}`;
  const value = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => ((a * 256 + b) * 256 + c) * 256 + d;
  const URL_DISGUISES: Readonly<Record<string, (bytes: readonly number[]) => string>> = {
    decimal: (bytes) => String(value(bytes)),
    hexadecimal: (bytes) => `0x${value(bytes).toString(16)}`,
    'one octal number': (bytes) => octal(value(bytes)),
    'octal bytes': (bytes) => bytes.map(octal).join('.'),
    'hexadecimal bytes': (bytes) => bytes.map((each) => `0x${hex(each)}`).join('.'),
    'two parts': ([a = 0, ...rest]) => `${a}.${value([0, ...rest])}`,
    'three parts': ([a = 0, b = 0, c = 0, d = 0]) => `${a}.${b}.${c * 256 + d}`,
    'a trailing dot': (bytes) => `${bytes.join('.')}.`,
    'percent-encoded': (bytes) =>
      bytes.join('.').replace(/[\d.]/g, (each) => `%${each.charCodeAt(0).toString(16).padStart(2, '0')}`),
    'full-width digits': (bytes) =>
      bytes.join('.').replace(/\d/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)),
    'ideographic dots': (bytes) => bytes.join('\u3002'),
  };
  for (const [name, disguise] of Object.entries(URL_DISGUISES)) {
    it(`${name} in a URL: never allowed`, () => {
      fc.assert(
        fc.property(privateAddress, (bytes) => {
          expect(closed.urlProblem(`https://${disguise(bytes)}/hook`)).not.toBeNull();
        }),
      );
    });
  }
});

describe('URLs', () => {
  it.each([
    ['https://hooks.example.com/x?y=1', null],
    ['https://hooks.example.com:8443/', null],
    ['https://8.8.8.8/', null],
    ['https://[2606:4700:4700::1111]/', null],
    ['http://hooks.example.com/', /^Use https/],
    ['https://user:password@hooks.example.com/', /user name or password/],
    ['https://user@hooks.example.com/', /user name or password/],
    ['https://localhost/', /loopback/],
    ['https://LOCALHOST./', /loopback/],
    ['https://a.localhost:9000/', /loopback/],
    ['ftp://hooks.example.com/', /not the URL of a web server/],
    ['file:///etc/passwd', /not the URL of a web server/],
    ['hooks.example.com', /not the URL of a web server/],
    ['', /not the URL of a web server/],
    ['https://[fe80::1%25eth0]/', /not the URL of a web server/],
    [`https://example.com/${'a'.repeat(2048)}`, /longer than 2048/],
  ] as const)('%s', (url, problem) => {
    const told = closed.urlProblem(url);
    if (problem === null) expect(told).toBeNull();
    else expect(told).toMatch(problem);
  });

  it('leaves names to the moment of connecting where a list allows some addresses', () => {
    const some = addressGuard(['127.0.0.0/8']);
    expect(some.urlProblem('http://localhost:9000/')).toBeNull();
    expect(some.urlProblem('http://10.0.0.1/')).toMatch(/private/);
    expect(some.urlProblem('http://8.8.8.8/')).toMatch(/encryption/);
    expect(some.urlProblem('http://lms.school.example/')).toBeNull();
  });
});
