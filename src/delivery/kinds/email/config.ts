/** The settings of mails. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Endpoint } from '../../endpoint.ts';

/** Enough for a class test with its certificate; more within an hour is taken for a nuisance. */
const PER_LEARNER_PER_HOUR = 4;

const variables =
  'Variables: {{learner}}, {{activity}}, {{event}}, {{result}}, {{outcome}}, {{score}}, {{when}}, {{duration}}, {{link}}, {{note}}.';

export const emailConfigSchema = Type.Object(
  {
    language: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('de')], { description: 'en when not said.' })),
    timeZone: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'Of the times in mails, such as Europe/Berlin; UTC when not said.',
      }),
    ),
    perLearnerPerHour: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: `Mails to one learner within an hour; ${PER_LEARNER_PER_HOUR} when not said.`,
      }),
    ),
    subject: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: `Instead of our own. ${variables}` }),
    ),
    template: Type.Optional(
      Type.String({ minLength: 1, maxLength: 20_000, description: `The text, instead of our own. ${variables}` }),
    ),
  },
  { additionalProperties: false },
);

type EmailConfig = Static<typeof emailConfigSchema>;

/** The settings with what holds where nothing is said. */
export interface EmailSettings {
  language: 'en' | 'de';
  timeZone: string;
  perLearnerPerHour: number;
  subject: string | null;
  template: string | null;
}

export function emailSettings(endpoint: Endpoint): EmailSettings {
  const config: EmailConfig = Value.Check(emailConfigSchema, endpoint.config) ? endpoint.config : {};
  const { language = 'en', timeZone = 'UTC', perLearnerPerHour = PER_LEARNER_PER_HOUR, subject, template } = config;
  return {
    language,
    timeZone: isTimeZone(timeZone) ? timeZone : 'UTC',
    perLearnerPerHour,
    subject: subject ?? null,
    template: template ?? null,
  };
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
