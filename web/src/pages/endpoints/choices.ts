/** What somebody wants to connect, in words of people; each is a kind of endpoint with settings that fit. */
export const CHOICES = ['zapier', 'slack', 'hubspot', 'salesforce', 'webhook', 'xapi', 'staff', 'learner'] as const;
export type Choice = (typeof CHOICES)[number];

export const PRESETS = ['zapier', 'slack', 'hubspot', 'salesforce'] as const;

export type Kind = 'webhook' | 'xapi' | 'email';

export function kindOfChoice(choice: Choice): Kind {
  if (choice === 'xapi') return 'xapi';
  return choice === 'staff' || choice === 'learner' ? 'email' : 'webhook';
}

export function choiceOf(kind: Kind, preset: unknown, to: string | null): Choice {
  if (kind === 'xapi') return 'xapi';
  if (kind === 'email') return to === 'learner' ? 'learner' : 'staff';
  return PRESETS.find((name) => name === preset) ?? 'webhook';
}
