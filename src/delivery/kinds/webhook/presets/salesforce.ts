/**
 * A platform event (or a record) of Salesforce by its REST API: POST /services/data/v…/sobjects/Gradewire_Event__e. The
 * object there has custom fields of these names; docs/endpoints.md lists them with their types.
 */
import { flat } from './flat.ts';
import type { Preset } from './preset.ts';

export const salesforce: Preset = ({ event, webhookId }) => ({
  body: Object.fromEntries([
    ['Webhook_Id__c', webhookId],
    ...Object.entries(flat(event)).map(([name, value]) => [fieldName(name), value]),
  ]),
});

/** `learner_email` → `Learner_Email__c`: API names of custom fields end so. */
function fieldName(name: string): string {
  return `${name.replace(/(^|_)[a-z]/g, (letter) => letter.toUpperCase())}__c`;
}
