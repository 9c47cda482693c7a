/** How far recovering or catching up is: follows what still waits, and is here again when one comes back to the page. */
import { Button, Group, Progress, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import type { Endpoint } from './endpoint-draft.ts';
import classes from './endpoints.module.css';
import { rememberWork, useWork } from './work.ts';

/** `asOf`: when the endpoint was read, in milliseconds since 1970. */
export function WorkProgress({ endpoint, asOf }: { endpoint: Endpoint; asOf: number }) {
  const t = useTranslations('endpoints.work');
  const format = useFormatter();
  const work = useWork(endpoint.id);
  if (work === null) return null;
  // What waited before may wait for days; it is no part of this.
  const left = asOf <= work.at ? work.count : Math.min(work.count, Math.max(0, endpoint.pending - work.before));
  const done = left === 0;
  return (
    <section className={classes.work} aria-label={t(work.kind)}>
      <Group justify="space-between" gap="sm" mb={6}>
        <Text size="sm" role="status">
          {t(work.kind)}:{' '}
          {done
            ? t('done', { count: work.count })
            : t('left', { left: format.number(left), total: format.number(work.count) })}
        </Text>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => rememberWork(endpoint.id, null)}>
          {t('hide')}
        </Button>
      </Group>
      <Progress
        value={work.count === 0 ? 100 : (100 * (work.count - left)) / work.count}
        aria-label={t('progress')}
        color={done ? 'green' : 'teal'}
      />
      {!done && (
        <Text size="xs" c="dimmed" mt={4}>
          {t(endpoint.failingSince === null ? 'goesOn' : 'failing')}
        </Text>
      )}
    </section>
  );
}
