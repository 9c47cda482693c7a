/** The challenges of a track: how many reach, try, complete and skip each, and how long it takes. */
import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity, Answer } from '../../api/types.ts';
import { ChartFrame } from '../../parts/chart-frame.tsx';
import { Count, Duration } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { CHART_COLORS } from '../../theme/theme.ts';
import { BasisNote } from './basis-note.tsx';
import classes from './funnel.module.css';
import { useNarrowed } from './use-narrowed.ts';

type Step = Answer<'/api/v1/activities/{id}/funnel'>['steps'][number];

export function FunnelTab({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.funnel');
  const { figure } = useNarrowed();
  const query = $api.useQuery('get', '/api/v1/activities/{id}/funnel', {
    params: { path: { id: activity.id }, query: figure },
  });
  return (
    <Shown query={query} lines={8}>
      {({ steps, basis, sampledFrom }) =>
        steps.length === 0 ? (
          <Empty title={t('empty')}>{t('emptyText')}</Empty>
        ) : (
          <Section title={t('title')} note={<BasisNote basis={basis} sampledFrom={sampledFrom} />}>
            <Funnel steps={steps} />
          </Section>
        )
      }
    </Shown>
  );
}

function Funnel({ steps }: { steps: readonly Step[] }) {
  const t = useTranslations('activities.funnel');
  const most = Math.max(1, ...steps.map(({ started, skipped }) => started + skipped));
  // Platforms that count from 0 would call the first challenge the zeroth.
  const first = steps.some(({ index }) => index === 0) ? 1 : 0;
  const nameOf = (step: Step, place: number) =>
    step.title ?? t('name', { number: step.index === null ? place + 1 : step.index + first });
  return (
    <ChartFrame
      title={t('step')}
      unit={t('note')}
      summary={t('summary', { started: steps[0]?.started ?? 0, completed: steps.at(-1)?.completed ?? 0 })}
      table={{
        head: [t('step'), t('started'), t('tried'), t('completed'), t('skipped'), t('tries'), t('median')],
        rows: steps.map((step, place) => [
          nameOf(step, place),
          <Count key="s" value={step.started} />,
          <Count key="a" value={step.attempted} />,
          <Count key="c" value={step.completed} />,
          <Count key="k" value={step.skipped} />,
          <Count key="t" value={step.tries} />,
          <Duration key="m" seconds={step.medianSeconds} />,
        ]),
      }}
    >
      <ol className={classes.steps}>
        {steps.map((step, place) => (
          <li key={step.externalId}>
            <span className={classes.name} title={step.externalId}>
              {nameOf(step, place)}
            </span>
            <span className={classes.bar} aria-hidden>
              <span
                className={classes.started}
                style={{ width: `${(100 * step.started) / most}%`, borderColor: CHART_COLORS[0] }}
              />
              <span
                className={classes.completed}
                style={{ width: `${(100 * step.completed) / most}%`, background: CHART_COLORS[0] }}
              />
            </span>
            <span className={classes.label}>
              {t('label', { started: step.started, completed: step.completed })}
              {step.skipped > 0 && <> · {t('skippedLabel', { count: step.skipped })}</>}
              {step.medianSeconds !== null && (
                <> · {t.rich('medianLabel', { time: () => <Duration seconds={step.medianSeconds} /> })}</>
              )}
            </span>
          </li>
        ))}
      </ol>
      <Text size="sm" c="dimmed" mt="sm">
        {t('legend')}
      </Text>
    </ChartFrame>
  );
}
