/** How well a question separates: the figure with a word, or why there is none. */
import { Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import type { ActivityItem } from './item-sort.ts';
import { ENOUGH_ANSWERS, separationWord } from './item-words.ts';
import classes from './items.module.css';

export function Separation({ item, figure }: { item: ActivityItem; figure: FigureRequest }) {
  const t = useTranslations('activities.items');
  const format = useFormatter();
  if (item.discriminationN < ENOUGH_ANSWERS || item.discrimination === null) {
    return (
      <Text span size="sm" c="dimmed" className={classes.nowrap}>
        {item.discriminationN < ENOUGH_ANSWERS ? t('tooFew', { n: item.discriminationN }) : t('notTold')}
      </Text>
    );
  }
  const word = separationWord(item.discrimination);
  return (
    <span className={classes.separation}>
      <Text span size="xs" c="dimmed">
        {word === 'wrong' && <TriangleAlert size={14} aria-hidden color="var(--gw-attention)" />} {t(`words.${word}`)}
      </Text>
      <Explainable figure={figure} name={t('discriminationOf', { name: item.text ?? item.questionId })}>
        {format.number(item.discrimination, { maximumFractionDigits: 0 })}
      </Explainable>
    </span>
  );
}
