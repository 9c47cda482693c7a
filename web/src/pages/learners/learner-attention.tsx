/** What needs attention for one person: the rule, its facts, and since when. Nothing where there is nothing. */
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { useRuleSentence } from '../live/rule-sentence.ts';
import classes from './learner-attention.module.css';
import names from './learners.module.css';

export function LearnerAttention(props: { learner: string }) {
  const t = useTranslations('learners.one');
  const activityName = useActivityName();
  const sentenceOf = useRuleSentence();
  const { data } = $api.useQuery('get', '/api/v1/attention', { params: { query: { learner: props.learner } } });
  const flags = data?.data ?? [];
  if (flags.length === 0) return null;
  return (
    <Section title={t('attention')}>
      <ul className={classes.list}>
        {flags.map((flag) => (
          <li key={flag.id} className={classes.flag}>
            <TriangleAlert
              size={16}
              aria-hidden
              color={flag.state === 'open' ? 'var(--gw-attention)' : 'var(--gw-muted)'}
            />
            <div>
              {sentenceOf(flag)}{' '}
              {flag.activity !== null && (
                <Link to="/activities/$id" params={{ id: flag.activity.id }} className={names.inline}>
                  {activityName(flag.activity)}
                </Link>
              )}
              <Text size="sm" c="dimmed">
                {t.rich('since', { time: () => <Moment at={flag.since} relative /> })}
                {flag.acknowledged !== null && ` · ${t('acknowledged', { name: flag.acknowledged.by })}`}
                {flag.snoozedUntil !== null && (
                  <>
                    {' · '}
                    {t.rich('snoozed', { time: () => <Moment at={flag.snoozedUntil} /> })}
                  </>
                )}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
