/** One question opened: its choices as bars from zero, which is right, and the way to tell more of it. */
import { Button, Group, Text } from '@mantine/core';
import { Check, CircleHelp, Pencil, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Percent } from '../../parts/figures.tsx';
import { CHART_COLORS } from '../../theme/theme.ts';
import type { ActivityItem } from './item-sort.ts';
import classes from './items.module.css';
import { ShareBar } from './share-bar.tsx';

export function ItemDetails(props: { item: ActivityItem; onEdit: ((item: ActivityItem) => void) | null }) {
  const t = useTranslations('activities.items');
  const { item, onEdit } = props;
  const chosen = item.choices.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={classes.opened}>
      <Text size="sm" c="dimmed">
        {t('id')}: <span className="gw-mono">{item.questionId}</span>
        {' · '}
        {t('unanswered', { count: item.unanswered })}
      </Text>
      {item.choices.length === 0 ? (
        <Text size="sm" my="sm">
          {t('noChoices')}
        </Text>
      ) : (
        <ul className={classes.choices}>
          {item.choices.map((choice) => (
            <li key={choice.answerId}>
              <span className={classes.verdict}>
                <Verdict correct={choice.correct} />
              </span>
              <span className={classes.text}>{choice.text ?? <span className="gw-mono">{choice.answerId}</span>}</span>
              <ShareBar
                share={chosen === 0 ? 0 : choice.count / chosen}
                color={choice.correct === true ? CHART_COLORS[2] : CHART_COLORS[0]}
              />
              <span className={classes.figure}>
                {t('chosen', { count: choice.count })}{' '}
                <Text span size="xs" c="dimmed">
                  <Percent value={chosen === 0 ? null : (100 * choice.count) / chosen} digits={0} />
                </Text>
              </span>
            </li>
          ))}
        </ul>
      )}
      {onEdit !== null && (
        <Group mt="sm">
          <Button
            size="xs"
            variant="default"
            leftSection={<Pencil size={14} aria-hidden />}
            onClick={() => onEdit(item)}
          >
            {t('edit')}
          </Button>
        </Group>
      )}
    </div>
  );
}

function Verdict({ correct }: { correct: boolean | null }) {
  const t = useTranslations('activities.items');
  const [Icon, color, word] =
    correct === null
      ? ([CircleHelp, 'var(--gw-muted)', t('unknownKey')] as const)
      : correct
        ? ([Check, 'var(--gw-good)', t('right')] as const)
        : ([X, 'var(--gw-muted)', t('wrongChoice')] as const);
  return (
    <>
      <Icon size={14} aria-hidden color={color} /> {word}
    </>
  );
}
