/** What was answered to each question, and how it was judged. */
import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDashed, CircleDot, CircleX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Section } from '../../parts/page.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useMe } from '../../shell/session.ts';
import names from '../learners/learners.module.css';
import classes from './attempt.module.css';

type Attempt = Answer<'/api/v1/attempts/{id}'>;
type Response = Attempt['responses'][number];

const VERDICTS = {
  right: { icon: CircleCheck, color: 'var(--gw-good)' },
  wrong: { icon: CircleX, color: 'var(--gw-failure)' },
  partly: { icon: CircleDot, color: 'var(--gw-attention)' },
  open: { icon: CircleDashed, color: 'var(--gw-muted)' },
  unmarked: { icon: CircleDashed, color: 'var(--gw-muted)' },
} as const;

export function AttemptAnswers({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('learners.attempt');
  const provider = useTranslations('common.provider');
  const figure = useTranslations('common.figure');
  const teaches = useMe().role !== 'learner';
  const items = $api.useQuery(
    'get',
    '/api/v1/activities/{id}/items',
    { params: { path: { id: attempt.activity.id } } },
    { enabled: teaches && attempt.responses.length > 0, staleTime: 60_000 },
  );
  if (attempt.responses.length === 0) return null;
  const itemOf = new Map((items.data?.data ?? []).map((item) => [item.questionId, item]));
  const textless = items.isSuccess && attempt.responses.every(({ questionId }) => itemOf.get(questionId)?.text == null);
  const marked = attempt.responses.some(({ mark }) => mark !== null);
  return (
    <Section title={t('answers')}>
      {textless && (
        <Text size="sm" c="dimmed" mb="sm">
          {t.rich('addTexts', {
            provider: provider(attempt.provider),
            link: (inner) => (
              <Link to="/activities/$id" params={{ id: attempt.activity.id }} className={names.inline}>
                {inner}
              </Link>
            ),
          })}
        </Text>
      )}
      <TableRegion label={t('answers')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('question')}</Table.Th>
              <Table.Th scope="col">{t('chosen')}</Table.Th>
              <Table.Th scope="col">{t('verdict')}</Table.Th>
              {marked && (
                <Table.Th scope="col" ta="right">
                  {t('mark')}
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {attempt.responses.map((response) => {
              const item = itemOf.get(response.questionId);
              const choices = response.selectedAnswerIds.map(
                (id) => item?.choices.find(({ answerId }) => answerId === id)?.text ?? id,
              );
              return (
                <Table.Tr key={response.questionId}>
                  <Table.Th scope="row" fw={400} className={classes.text}>
                    {item?.text ?? t('questionId', { id: response.questionId })}
                  </Table.Th>
                  <Table.Td className={classes.answer}>
                    {[...choices, ...(response.text === null ? [] : [response.text])].join(', ') || figure('none')}
                  </Table.Td>
                  <Table.Td>
                    <Verdict response={response} />
                  </Table.Td>
                  {marked && (
                    <Table.Td ta="right">
                      {response.mark === null
                        ? figure('none')
                        : response.maxMark === null
                          ? response.mark
                          : t('ofMax', { mark: response.mark, max: response.maxMark })}
                    </Table.Td>
                  )}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </Section>
  );
}

function Verdict({ response }: { response: Response }) {
  const t = useTranslations('learners.attempt');
  const verdict = verdictOf(response);
  const { icon: Icon, color } = VERDICTS[verdict];
  return (
    <span className={names.mark}>
      <Icon size={14} aria-hidden color={color} />
      {t(verdict)}
    </span>
  );
}

/** A mark between none and full is partly right, whatever the platform's yes or no. */
function verdictOf({ correct, mark, maxMark, selectedAnswerIds, text }: Response): keyof typeof VERDICTS {
  if (mark !== null && maxMark !== null && mark > 0 && mark < maxMark) return 'partly';
  if (correct !== null) return correct ? 'right' : 'wrong';
  return selectedAnswerIds.length === 0 && text === null ? 'open' : 'unmarked';
}
