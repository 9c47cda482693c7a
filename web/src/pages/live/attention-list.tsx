/** Who needs a look, ranked by the server, each with the rule and its facts; acknowledged or snoozed from here. */
import { Button, Group, Menu, SegmentedControl, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, CircleAlert, CircleSlash, Hourglass, TrendingDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Item } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import classes from './live.module.css';
import { useRuleSentence } from './rule-sentence.ts';

type Flag = Item<'/api/v1/attention'>;
const STATES = ['open', 'acknowledged', 'snoozed'] as const;

const ICONS = {
  stuck_tries: CircleAlert,
  stuck_silence: Hourglass,
  idle: Hourglass,
  below_class: TrendingDown,
  abandoned_twice: CircleSlash,
  overdue: CalendarClock,
} as const;

export function AttentionList(props: { cohort: string | undefined }) {
  const t = useTranslations('live.attention');
  const [state, setState] = useState<(typeof STATES)[number]>('open');
  const query = $api.useQuery('get', '/api/v1/attention', {
    params: { query: { state, ...(props.cohort === undefined ? {} : { cohort: props.cohort }) } },
  });
  return (
    <Section
      title={t('title')}
      note={state === 'open' && query.data !== undefined ? t('note', { count: query.data.data.length }) : undefined}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('view')}
          value={state}
          onChange={(value) => setState(STATES.find((one) => one === value) ?? 'open')}
          data={STATES.map((value) => ({ value, label: t(value) }))}
        />
      }
    >
      <Shown query={query} lines={3}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('empty')}>{t('emptyText')}</Empty>
          ) : (
            <ul className={classes.list} aria-live="polite" aria-relevant="additions">
              {data.map((flag) => (
                <FlagRow key={flag.id} flag={flag} />
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}

function FlagRow({ flag }: { flag: Flag }) {
  const t = useTranslations('live.attention');
  const nameOf = useLearnerName();
  const activityName = useActivityName();
  const sentence = useRuleSentence();
  const Icon = ICONS[flag.rule];
  return (
    <li className={classes.flag}>
      <Icon size={16} aria-hidden color="var(--gw-attention)" />
      <div>
        <Text component="div" fw={600} size="md">
          <Link to="/learners/$id" params={{ id: flag.learner.id }}>
            {nameOf(flag.learner)}
          </Link>
          {flag.activity !== null && (
            <Text span fw={400} c="dimmed" size="md">
              {' · '}
              {activityName(flag.activity)}
            </Text>
          )}
        </Text>
        <Text size="sm">{sentence(flag)}</Text>
        <Text size="xs" c="dimmed">
          <Moment at={flag.since} relative />
          {flag.acknowledged !== null && ` · ${t('by', { name: flag.acknowledged.by })}`}
          {flag.snoozedUntil !== null && (
            <>
              {' · '}
              {t.rich('until', { time: () => <Moment at={flag.snoozedUntil} /> } as never)}
            </>
          )}
        </Text>
      </div>
      <FlagActions flag={flag} name={nameOf(flag.learner)} />
    </li>
  );
}

function FlagActions({ flag, name }: { flag: Flag; name: string }) {
  const t = useTranslations('live.attention');
  const queries = useQueryClient();
  const after = (message: string) => ({
    onSuccess() {
      notifications.show({ message });
      return queries.invalidateQueries({ queryKey: ['get', '/api/v1/attention'] });
    },
  });
  const acknowledge = $api.useMutation('post', '/api/v1/attention/{id}/acknowledge', after(t('done', { name })));
  const snooze = $api.useMutation('post', '/api/v1/attention/{id}/snooze', after(t('doneSnooze', { name })));
  const reopen = $api.useMutation('post', '/api/v1/attention/{id}/reopen', after(t('doneReopen', { name })));
  const params = { path: { id: flag.id } };
  if (flag.state !== 'open') {
    return (
      <Button
        size="compact-xs"
        variant="default"
        className={classes.actions}
        aria-label={t('reopenFor', { name })}
        loading={reopen.isPending}
        onClick={() => reopen.mutate({ params })}
      >
        {t('reopen')}
      </Button>
    );
  }
  return (
    <Group gap={4} wrap="nowrap" className={classes.actions}>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={t('acknowledgeFor', { name })}
        loading={acknowledge.isPending}
        onClick={() => acknowledge.mutate({ params, body: {} })}
      >
        {t('acknowledge')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-xs" variant="subtle" color="gray" aria-label={t('snoozeFor', { name })}>
            {t('snooze')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => snooze.mutate({ params, body: { minutes: 10 } })}>{t('for10')}</Menu.Item>
          <Menu.Item onClick={() => snooze.mutate({ params, body: { minutes: 60 } })}>{t('for60')}</Menu.Item>
          <Menu.Item onClick={() => snooze.mutate({ params, body: { until: tomorrow() } })}>{t('forDay')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

/** Midnight in the viewer's zone. */
function tomorrow(): string {
  const date = new Date();
  date.setHours(24, 0, 0, 0);
  return date.toISOString();
}
