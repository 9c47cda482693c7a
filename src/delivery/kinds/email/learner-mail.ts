/**
 * Whether and where a learner may be mailed (docs/decisions/0172-mail-to-learners.md). Anybody can put an address into a
 * webhook that is proved by nothing; whoever mailed it would be that person's tool.
 */
import { parsePublicId } from '../../../core/ids.ts';
import type { Database } from '../../../db/database.ts';
import type { EventObject } from '../../../live/events.ts';
import { toldBy } from '../../told-by.ts';
import type { LearnerMail } from '../kind.ts';
import { isAddress, sameAddress } from './addresses.ts';
import { countMail } from './count-mail.ts';
import { hashAddress, isUnsubscribed, type MailKey, unsubscribeUrl } from './unsubscribe.ts';

export interface LearnerMailParts {
  db: Database;
  key: MailKey;
  publicUrl: string;
}

export function learnerMail({ db, key, publicUrl }: LearnerMailParts): LearnerMail {
  return {
    async permit({ workspace, deliveryId, event, mostPerHour }) {
      const known = await knownAddress(db, workspace, event);
      if (known === null) return { ok: false, reason: 'No e-mail address of this learner is known.' };
      if (!isAddress(known.address)) {
        return { ok: false, reason: 'The learner’s e-mail address is not of a form that is mailed to.' };
      }
      if (!known.ofPeople && !(await isProved(db, workspace, event, known.address))) {
        return {
          ok: false,
          reason:
            'The learner’s e-mail address is neither in the roster nor in the webhook of this event with a proof (signature or Basic) of its own.',
        };
      }
      const address = hashAddress(key, workspace, known.address);
      if (await isUnsubscribed(db, address)) {
        return { ok: false, reason: 'The learner wants no more mails: this address was unsubscribed.' };
      }
      if (!(await countMail(db, address, deliveryId, mostPerHour))) {
        return { ok: false, reason: `The learner has had ${mostPerHour} mails within an hour, the most there may be.` };
      }
      return { ok: true, address: known.address, unsubscribeUrl: unsubscribeUrl(publicUrl, key, address) };
    },
  };
}

/** As it stands now; `ofPeople`: from the roster, or set by an admin. null: none, or the learner is gone. */
async function knownAddress(
  db: Database,
  workspace: number,
  { learner }: EventObject,
): Promise<{ address: string; ofPeople: boolean } | null> {
  const id = learner === null ? null : parsePublicId('lrn', learner.id);
  if (id === null) return null;
  const [row] = await db.query<{ email: string | null; emailBy: string }>(
    'SELECT email, email_by AS "emailBy" FROM learners WHERE workspace = $1 AND id = $2',
    [workspace, id],
  );
  return row === undefined || row.email === null ? null : { address: row.email, ofPeople: row.emailBy !== 'platform' };
}

/**
 * Whether the event's own webhook, whole under a signature or sent with our password, says that this is the learner's address.
 * What other webhooks said does not count: another source can name the same person without any proof.
 */
async function isProved(db: Database, workspace: number, event: EventObject, address: string): Promise<boolean> {
  if (event.verification !== 'signature' && event.verification !== 'basic') return false;
  const [fact] = await toldBy(db, workspace, [event]);
  return sameAddress(fact?.learner?.email, address);
}
