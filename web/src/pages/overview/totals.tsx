/** The range's totals, each with what it was in the period before. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { Count, Duration, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import type { RangeName } from '../../shell/filters.ts';
import classes from './overview.module.css';

type Overview = Answer<'/api/v1/overview'>;
type Figures = Overview['totals'];

export function Totals(props: { overview: Overview; narrowed: Partial<FigureRequest>; range: RangeName }) {
  const t = useTranslations('overview.totals');
  const tc = useTranslations('common');
  const { totals, previous, basis } = props.overview;
  const shown: {
    name: 'learners' | 'completed' | 'started' | 'abandoned' | 'average' | 'passRate' | 'time';
    figure: FigureRequest['figure'] | null;
    value(figures: Figures): ReactNode;
  }[] = [
    { name: 'learners', figure: 'overview.learners', value: (f) => <Count value={f.learners} /> },
    { name: 'completed', figure: 'overview.attemptsCompleted', value: (f) => <Count value={f.attemptsCompleted} /> },
    { name: 'started', figure: 'overview.attemptsStarted', value: (f) => <Count value={f.attemptsStarted} /> },
    { name: 'average', figure: 'overview.averagePercentage', value: (f) => <Percent value={f.averagePercentage} /> },
    { name: 'passRate', figure: 'overview.passRate', value: (f) => <Percent value={passRate(f)} digits={0} /> },
    { name: 'abandoned', figure: null, value: (f) => <Count value={f.attemptsAbandoned} /> },
    { name: 'time', figure: 'overview.timeSeconds', value: (f) => <Duration seconds={f.timeSeconds} /> },
  ];
  return (
    <Section
      title={t('title')}
      note={t('note', { range: tc(`range.${props.range}`), policy: tc(`policy.${basis.attempts}`) })}
    >
      <dl className={classes.totals}>
        {shown.map(({ name, figure, value }) => {
          const missing = missingWord(name, totals);
          return (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd>
                {missing !== null ? (
                  <Text size="sm" c="dimmed">
                    {t(missing)}
                  </Text>
                ) : figure === null ? (
                  value(totals)
                ) : (
                  <Explainable figure={{ ...props.narrowed, figure }} name={t(name)}>
                    {value(totals)}
                  </Explainable>
                )}
              </dd>
              {previous !== null && missingWord(name, previous) === null && (
                <dd className={classes.before}>
                  {t('before')} {value(previous)}
                </dd>
              )}
            </div>
          );
        })}
      </dl>
    </Section>
  );
}

function missingWord(name: string, figures: Figures): 'notTold' | 'noVerdict' | null {
  if (name === 'started' && figures.attemptsStarted === null) return 'notTold';
  return name === 'passRate' && passRate(figures) === null ? 'noVerdict' : null;
}

/** Of those with a verdict, in percent. */
function passRate({ passed, failed }: Figures): number | null {
  return passed + failed === 0 ? null : (100 * passed) / (passed + failed);
}
