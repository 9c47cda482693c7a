/** The attempts a figure was chosen from: counted or not and why, each leading to its webhooks. */
import { Button, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import classes from './explain.module.css';
import type { Explained } from './explained.ts';
import { InputRow } from './input-row.tsx';
import { Part } from './part.tsx';

/** How many more each press shows: enough to look through, little enough to get past by keyboard. */
const STEP = 20;
/** The API gives the newest so many. */
const MOST = 200;
const VIEWS = ['all', 'counted', 'left'] as const;

export function Inputs({ explained, onLeave }: { explained: Explained; onLeave(): void }) {
  const t = useTranslations('explain.inputs');
  const common = useTranslations('common.figure');
  const format = useFormatter();
  const [view, setView] = useState<(typeof VIEWS)[number]>('all');
  const [shown, setShown] = useState(STEP);
  const { inputs } = explained;
  const fitting = inputs.filter(({ counted }) => view === 'all' || counted === (view === 'counted'));
  if (inputs.length === 0) return <Part title={t('title')}>{t('none')}</Part>;
  return (
    <Part
      title={t('title')}
      actions={
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label={t('show')}
          value={view}
          onChange={(value) => {
            setView(VIEWS.find((name) => name === value) ?? 'all');
            setShown(STEP);
          }}
          data={VIEWS.map((name) => ({ value: name, label: t(name) }))}
        />
      }
    >
      {inputs.length >= MOST && (
        <Text size="sm" c="dimmed" mb="sm">
          {t('limit', { count: inputs.length })}
        </Text>
      )}
      {fitting.length === 0 && <Text c="dimmed">{t('noneFit')}</Text>}
      <ul className={classes.inputs}>
        {fitting.slice(0, shown).map((input) => (
          <InputRow key={input.attempt.id} input={input} onLeave={onLeave} />
        ))}
      </ul>
      <Text size="sm" c="dimmed" role="status" mt="sm">
        {shown < fitting.length
          ? t('newest', { shown: format.number(shown), n: format.number(fitting.length) })
          : t('count', { count: fitting.length })}
      </Text>
      {shown < fitting.length && (
        <Button size="xs" variant="default" mt="sm" onClick={() => setShown(shown + STEP)}>
          {common('more')}
        </Button>
      )}
    </Part>
  );
}
