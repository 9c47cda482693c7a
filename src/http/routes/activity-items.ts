/** The items of an activity: their figures, and what people tell of them. */
import type { Static } from 'typebox';
import { GradewireError } from '../../core/errors.ts';
import type { Uuid } from '../../core/ids.ts';
import { itemsOfCsv } from '../../progress/figures/items-csv.ts';
import type { ItemFigures } from '../../progress/queries/class/activity-items.ts';
import { readItems } from '../../progress/queries/class/read-bodies.ts';
import { putToldItems, type ToldItem, toldItems } from '../../progress/queries/class/told-items.ts';
import { getActivity } from '../../progress/queries/get-activity.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { markDirty } from '../../progress/rollups/mark-dirty.ts';
import { principalOf } from '../access.ts';
import { classRequest } from '../class-figures.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { activityFigureQuery, itemsBody, itemsSchema } from '../contracts/activity-figures.ts';
import { idParams, invalid, uuidOf } from '../contracts/common.ts';
import { activityReceipts, foundActivity } from '../found-activity.ts';

type Items = Static<typeof itemsSchema>;
const tags = ['Progress'];

export function activityItemsRoutes(app: App, context: HttpContext): void {
  const { db, settings } = context;

  async function answer(principal: Principal, id: Uuid, query: Static<typeof activityFigureQuery>): Promise<Items> {
    return await onSnapshot(db, async (tx) => {
      const activity = foundActivity(await getActivity(tx, principal.workspace, id));
      const asked = await classRequest(tx, principal, query, {
        activity,
        items: true,
        receipts: activityReceipts(settings.publicUrl, id),
      });
      const figures = { ...asked.figures, scope: { ...asked.figures.scope, activityId: id } };
      const { body, asOf, sampledFrom } = await readItems(tx, figures, asked.asOf);
      return {
        data: withTold(body.items, await toldItems(tx, principal.workspace, id)),
        sampledFrom,
        basis: { ...asked.basis(body.basis), asOf: asOf.toISOString() },
      };
    });
  }

  app.get(
    '/api/v1/activities/:id/items',
    {
      config: { access: ['admin', 'instructor'], keepsToLearner: true },
      schema: {
        tags,
        summary: 'The items of an activity: how hard each is, and whether it tells strong from weak',
        description:
          "Each learner's first completed attempt, unless told otherwise. Facility is mean mark / full mark; discrimination is the item-rest correlation ×100.",
        params: idParams,
        querystring: activityFigureQuery,
        response: { 200: itemsSchema },
      },
    },
    async (request) => await answer(principalOf(request), uuidOf('act', request.params.id), request.query),
  );

  // CSV needs a parser of its own, which holds for this route alone.
  app.register(async (scoped: App) => {
    scoped.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => {
      done(null, body);
    });
    scoped.put(
      '/api/v1/activities/:id/items',
      {
        config: { access: ['admin', 'instructor'], audit: { action: 'activity.items', target: { kind: 'activity' } } },
        schema: {
          tags,
          summary: 'Tell texts, choices, keys and topics of the questions; replaces what was told before',
          description:
            'JSON as below, or text/csv with the columns questionId, text, topics (separated by ;), answerId, answerText and correct: a line for each choice. A key decides only where the platform tells what was chosen and not whether it was right.',
          params: idParams,
          body: itemsBody,
          consumes: ['application/json', 'text/csv'],
          response: { 200: itemsSchema },
        },
        // CSV becomes what the schema describes before it is checked.
        preValidation: async (request) => {
          if (typeof request.body !== 'string') return;
          const read = itemsOfCsv(request.body);
          if ('problem' in read) throw invalid('body', read.problem);
          request.body = { items: read.items };
        },
      },
      async (request) => {
        const principal = principalOf(request);
        if (principal.cohorts !== null || principal.learnerId !== null) {
          throw new GradewireError(
            'forbidden',
            'Questions are the same for every class, so only those who see all of them may tell of them.',
          );
        }
        const id = uuidOf('act', request.params.id);
        const items = told(request.body as Static<typeof itemsBody>);
        await db.transaction(async (tx) => {
          foundActivity(await getActivity(tx, principal.workspace, id));
          await putToldItems(tx, principal.workspace, id, items);
          await markDirty(tx, principal.workspace, { activityIds: [id] });
        });
        return await answer(principal, id, {});
      },
    );
  });
}

function told(body: Static<typeof itemsBody>): ToldItem[] {
  const seen = new Set<string>();
  return body.items.map((item, i) => {
    if (seen.has(item.questionId))
      throw invalid(`body/items/${i}/questionId`, 'This question stands there twice. Name each question once.');
    seen.add(item.questionId);
    const choices = item.choices ?? [];
    if (new Set(choices.map((choice) => choice.answerId)).size < choices.length)
      throw invalid(`body/items/${i}/choices`, 'A choice stands there twice. Name each answerId once.');
    return {
      questionId: item.questionId,
      text: item.text ?? null,
      choices: choices.map(({ answerId, text, correct }) => ({
        answerId,
        text: text ?? null,
        correct: correct ?? null,
      })),
      topics: item.topics ?? [],
    };
  });
}

/** q2 stands before q10. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** What is told first, in its order; questions nobody told of after it. */
function withTold(figures: readonly ItemFigures[], told: readonly ToldItem[]): Items['data'] {
  const known = new Map(told.map((item) => [item.questionId, item]));
  const measured = new Map(figures.map((item) => [item.questionId, item]));
  const rest = figures.map((item) => item.questionId).filter((id) => !known.has(id));
  return [...known.keys(), ...rest.toSorted(byNumber.compare)].map((questionId) => {
    const item = known.get(questionId);
    const figure = measured.get(questionId);
    const counts = new Map(figure?.choices.map((choice) => [choice.answerId, choice]));
    const answerIds = new Set([...(item?.choices.map((choice) => choice.answerId) ?? []), ...counts.keys()]);
    const keys = new Map(item?.choices.map((choice) => [choice.answerId, choice]));
    return {
      questionId,
      text: item?.text ?? null,
      answered: figure?.answered ?? 0,
      unanswered: figure?.unanswered ?? 0,
      facility: figure?.facility ?? null,
      discrimination: figure?.discrimination ?? null,
      discriminationN: figure?.discriminationN ?? 0,
      choices: [...answerIds].map((answerId) => ({
        answerId,
        text: keys.get(answerId)?.text ?? null,
        count: counts.get(answerId)?.count ?? 0,
        correct: keys.get(answerId)?.correct ?? counts.get(answerId)?.correct ?? null,
      })),
      topics: item?.topics ?? [],
    };
  });
}
