import type { ErasedPeople } from '../cohorts/roster/import-roster.ts';
import type { Tombstones } from '../people/tombstones.ts';

/** Asks the tombstones about people of a roster: by the identity, or by the e-mail of those who have none. */
export function erasedPeople(stones: Tombstones, workspace: number): ErasedPeople {
  return async (tx, people) =>
    await stones.isErased(
      tx,
      workspace,
      people.map(({ identity, email }) =>
        identity === null ? { kind: 'email', email: email ?? '' } : { kind: 'identity', ...identity },
      ),
    );
}
