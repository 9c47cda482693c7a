/** The URL or URLs of a source, under the names that the platform's own settings give them. */
import { Stack, Table, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Source } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';

/** Synap names the event nowhere in the body, so each has a URL of its own. */
const SYNAP_EVENTS = [
  ['attempt.submitted', 'attemptSubmitted'],
  ['attempt.completed', 'attemptCompleted'],
  ['exam.submitted', 'examSubmitted'],
  ['exam.completed', 'examCompleted'],
  ['attemptOverride.created', 'override'],
] as const;

export function IngestUrls({ source }: { source: Source }) {
  const t = useTranslations('sources');
  if (source.provider !== 'synap') {
    const label = t(`platform.${source.provider}.urlField`);
    return (
      <Stack gap={4}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Copyable text={source.ingestUrl} label={label} />
        {source.verification === 'token' && (
          <Text size="sm" c="dimmed">
            {t('urlIsSecret')}
          </Text>
        )}
      </Stack>
    );
  }
  return (
    <Stack gap={4}>
      <Text size="sm">{t('platform.synap.urls')}</Text>
      <Table withRowBorders={false} highlightOnHover={false} horizontalSpacing={0}>
        <Table.Tbody>
          {SYNAP_EVENTS.map(([event, name]) => (
            <Table.Tr key={event} style={{ display: 'flex', flexWrap: 'wrap', columnGap: 16 }}>
              <Table.Th scope="row" fw={600} miw={190} pb={0}>
                {t(`platform.synap.event.${name}`)}
              </Table.Th>
              <Table.Td>
                <Copyable text={`${source.ingestUrl}?event=${event}`} label={event} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        {t('urlIsSecret')}
      </Text>
    </Stack>
  );
}
