/** The settings of an LRS. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Endpoint, PersonalData } from '../../endpoint.ts';

const httpUrl = Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 1000 });

export const xapiConfigSchema = Type.Object(
  {
    auth: Type.Optional(
      Type.Union([
        Type.Object({ type: Type.Literal('none') }, { additionalProperties: false }),
        Type.Object(
          {
            type: Type.Literal('basic'),
            username: Type.String({ minLength: 1, maxLength: 500 }),
            password: Type.String({ minLength: 1, maxLength: 1000 }),
          },
          { additionalProperties: false },
        ),
        Type.Object(
          { type: Type.Literal('bearer'), token: Type.String({ minLength: 1, maxLength: 8000 }) },
          { additionalProperties: false },
        ),
      ]),
    ),
    xapi: Type.Optional(
      Type.Object(
        {
          version: Type.Optional(Type.Literal('1.0.3')),
          actor: Type.Optional(
            Type.Union([Type.Literal('source'), Type.Literal('account'), Type.Literal('mbox')], {
              description:
                'source: the learner’s id at the platform; account: the learner’s id here; mbox: the e-mail address.',
            }),
          ),
          revision: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 1_000_000,
              description:
                'Raise it after changing what statements say of a person or an activity: a backfill then makes new statements instead of conflicting ones.',
            }),
          ),
          homePages: Type.Optional(
            Type.Record(Type.String(), httpUrl, {
              description:
                'By a source’s slug: the homePage of its accounts, where the LRS knows the learners by another than the source’s ingest URL.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    activityBase: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s]+$',
        maxLength: 500,
        description: 'What ids of activities begin with; PUBLIC_URL/xapi/activities when not said.',
      }),
    ),
  },
  { additionalProperties: false },
);

type XapiConfig = Static<typeof xapiConfigSchema>;

/** What the mapping needs to know of an endpoint. */
export interface Mapping {
  /** Without a slash at its end. */
  publicUrl: string;
  /** Without a slash at its end. */
  activityBase: string;
  actor: 'source' | 'account' | 'mbox';
  homePages: Readonly<Record<string, string>>;
  revision: number;
  personalData: PersonalData;
}

export function configOf(endpoint: Endpoint): XapiConfig {
  // Checked when it was stored; what an older version stored and no longer fits counts as not said.
  return Value.Check(xapiConfigSchema, endpoint.config) ? endpoint.config : {};
}

export function mappingOf(endpoint: Endpoint, publicUrl: string): Mapping {
  const { xapi = {}, activityBase } = configOf(endpoint);
  const origin = publicUrl.replace(/\/+$/, '');
  return {
    publicUrl: origin,
    activityBase: activityBase?.replace(/\/+$/, '') ?? `${origin}/xapi/activities`,
    actor: xapi.actor ?? 'source',
    homePages: xapi.homePages ?? {},
    revision: xapi.revision ?? 0,
    personalData: endpoint.personalData,
  };
}
