/** What was left out, why, and how many. */
import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import classes from './explain.module.css';
import type { Explained } from './explained.ts';
import { Part } from './part.tsx';

export function Excluded({ excluded }: { excluded: Explained['excluded'] }) {
  const t = useTranslations('explain.excluded');
  const some = excluded.filter(({ count }) => count > 0);
  return (
    <Part title={t('title')}>
      {some.length === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <ul className={classes.plain}>
          {some.map(({ reason, count }) => (
            <li key={reason}>
              <strong>{t('count', { count })}</strong> {t(reason)}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}
