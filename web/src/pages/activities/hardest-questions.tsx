/** The questions with the lowest share right, each leading to its details. */
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity } from '../../api/types.ts';
import { Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { CHART_COLORS } from '../../theme/theme.ts';
import classes from './activities.module.css';
import { BasisNote } from './basis-note.tsx';
import { ShareBar } from './share-bar.tsx';
import { useNarrowed } from './use-narrowed.ts';

const FIRST = 5;

export function HardestQuestions({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.hardest');
  const { figure } = useNarrowed();
  const query = $api.useQuery('get', '/api/v1/activities/{id}/items', {
    params: { path: { id: activity.id }, query: figure },
  });
  return (
    <Shown query={query}>
      {({ data, basis, sampledFrom }) => {
        const hardest = data
          .flatMap((item) =>
            item.facility === null || item.answered === 0 ? [] : [{ ...item, facility: item.facility }],
          )
          .sort((a, b) => a.facility - b.facility || b.answered - a.answered)
          .slice(0, FIRST);
        return (
          <Section
            title={t('title')}
            note={hardest.length > 0 && <BasisNote basis={basis} sampledFrom={sampledFrom} />}
            actions={
              <Link to="/activities/$id" params={{ id: activity.id }} search={(now) => ({ ...now, tab: 'questions' })}>
                {t('all')}
              </Link>
            }
          >
            {hardest.length === 0 ? (
              <Text c="dimmed">{t('empty')}</Text>
            ) : (
              <ol className={classes.hardest}>
                {hardest.map((item) => (
                  <li key={item.questionId}>
                    <Link
                      to="/activities/$id"
                      params={{ id: activity.id }}
                      search={(now) => ({ ...now, tab: 'questions', question: item.questionId })}
                    >
                      {item.text ?? item.questionId}
                    </Link>
                    <ShareBar share={item.facility} color={CHART_COLORS[0]} />
                    <span className={classes.figure}>
                      <Percent value={100 * item.facility} digits={0} />
                    </span>
                    <Text size="xs" c="dimmed" className={classes.figure}>
                      {t('answers', { n: item.answered })}
                    </Text>
                  </li>
                ))}
              </ol>
            )}
          </Section>
        );
      }}
    </Shown>
  );
}
