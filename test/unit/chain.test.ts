/** What leaves a chain leaves it whole, from wherever it stood. */
import { expect, test } from 'vitest';
import { Chain, type Link } from '../../src/delivery/chain.ts';

function valuesOf<T>(chain: Chain<T>): T[] {
  const values: T[] = [];
  for (let link = chain.first; link !== null; link = link.after) values.push(link.value);
  return values;
}

test('members stand in the order in which they were added, whoever leaves', () => {
  const chain = new Chain<string>();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((value) => chain.add(value)) as [
    Link<string>,
    Link<string>,
    Link<string>,
    Link<string>,
  ];
  expect(valuesOf(chain)).toEqual(['a', 'b', 'c', 'd']);
  expect(chain.remove(b)).toBe(true);
  expect(chain.remove(d)).toBe(true);
  chain.add('e');
  expect(valuesOf(chain)).toEqual(['a', 'c', 'e']);
  expect(chain.remove(a)).toBe(true);
  expect(valuesOf(chain)).toEqual(['c', 'e']);
  expect(c.before).toBe(null);
});

test('who left once does not leave again, nor another chain', () => {
  const chain = new Chain<string>();
  const link = chain.add('a');
  chain.add('b');
  expect(new Chain<string>().remove(link)).toBe(false);
  expect(chain.remove(link)).toBe(true);
  expect(chain.remove(link)).toBe(false);
  expect(valuesOf(chain)).toEqual(['b']);
});

test('who left points to nobody, so that garbage that grew old holds nothing that is young', () => {
  const chain = new Chain<number>();
  const links = Array.from({ length: 5 }, (_, i) => chain.add(i));
  for (const i of [2, 0, 4, 3, 1]) chain.remove(links[i] as Link<number>);
  expect(chain.first).toBe(null);
  for (const { before, after, chain: its } of links) expect([before, after, its]).toEqual([null, null, null]);
  chain.add(9);
  expect(valuesOf(chain)).toEqual([9]);
});
