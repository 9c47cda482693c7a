/** Bodies as well-known receivers want them. */
import { hubspot } from './hubspot.ts';
import type { Preset } from './preset.ts';
import { salesforce } from './salesforce.ts';
import { slack } from './slack.ts';
import { zapier } from './zapier.ts';

export const PRESETS: Readonly<Record<string, Preset>> = { zapier, slack, hubspot, salesforce };
