/** Zapier's catch hook: one level, whose keys become the fields of a Zap. What the platform told besides is one text. */
import { flat } from './flat.ts';
import type { Preset } from './preset.ts';

export const zapier: Preset = ({ event, webhookId }) => ({
  body: { id: webhookId, ...flat(event), data_json: JSON.stringify(event.data) },
});
