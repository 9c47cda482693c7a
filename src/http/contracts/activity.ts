/** The activity of the contract. */
import { Type } from 'typebox';
import { ACTIVITY_SORTS } from '../../progress/queries/list-activities.ts';
import { activityKind } from './attempt.ts';
import { nullable, provider, time } from './common.ts';
import { basisSchema, plainText, retakePolicy } from './figure.ts';

export const activitySchema = Type.Object({
  id: Type.String(),
  externalId: Type.String({ description: "The platform's own id." }),
  title: nullable(Type.String()),
  kind: activityKind,
  provider,
  passPercentage: nullable(Type.Number()),
  dueAt: nullable(time),
  attempts: nullable(
    Type.Enum(retakePolicy.enum, { description: "The activity's own retake policy; null: the workspace's." }),
  ),
  attemptsCompleted: Type.Integer({ description: 'All completed attempts, whatever the retake policy.' }),
  learners: Type.Integer({ description: 'How many people completed it.' }),
  averagePercentage: nullable(
    Type.Number({ description: 'Over the attempts that the retake policy of the basis chooses.' }),
  ),
  basis: basisSchema,
});

export const activitiesQuery = {
  search: Type.Optional(plainText(200, "Part of the title or of the platform's id, whatever its case.")),
  kind: Type.Optional(activityKind),
  sort: Type.Optional(
    Type.Enum([...ACTIVITY_SORTS], {
      description:
        'created: newest first (when not said); title: from A on; attempts, average: greatest first, over all time.',
    }),
  ),
};

export const activityPatch = Type.Object(
  {
    passPercentage: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 100 }))),
    dueAt: Type.Optional(
      nullable(Type.String({ description: 'RFC 3339. Platforms no longer change it; null: they do again.' })),
    ),
    attempts: Type.Optional(nullable(retakePolicy)),
  },
  { additionalProperties: false, minProperties: 1 },
);
