/** The first few who need a look; all of them, with what can be done, stand on Live. */
import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { useRuleSentence } from '../live/rule-sentence.ts';
import classes from './overview.module.css';

/** Enough to know whether to go and look. */
const FIRST = 5;

export function Flagged(props: { cohort: string | undefined }) {
  const t = useTranslations('overview.attention');
  const nameOf = useLearnerName();
  const activityName = useActivityName();
  const sentence = useRuleSentence();
  const query = $api.useQuery('get', '/api/v1/attention', {
    params: { query: { state: 'open', ...(props.cohort === undefined ? {} : { cohort: props.cohort }) } },
  });
  return (
    <Section title={t('title')} actions={<Link to="/">{t('all')}</Link>}>
      <Shown query={query} lines={2}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">{t('empty')}</Text>
          ) : (
            <ul className={classes.list}>
              {data.slice(0, FIRST).map((flag) => (
                <li key={flag.id}>
                  <Group gap="sm" wrap="nowrap" align="flex-start">
                    <CircleAlert
                      size={16}
                      aria-hidden
                      color="var(--gw-attention)"
                      style={{ flex: 'none', marginTop: 3 }}
                    />
                    <span>
                      <Link to="/learners/$id" params={{ id: flag.learner.id }}>
                        {nameOf(flag.learner)}
                      </Link>
                      {flag.activity === null ? '' : ` · ${activityName(flag.activity)}`}
                      {' – '}
                      {sentence(flag)}
                    </span>
                  </Group>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}
