/** Says at once when platforms on the internet cannot post to a source's URL, and what to do. */
import { Alert, Code, List, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Source } from '../../api/types.ts';

export function ReachWarning({ source }: { source: Source }) {
  const t = useTranslations('sources.reach');
  const { problem } = source.reach;
  if (problem === null) return null;
  const rich = { target: new URL(source.ingestUrl).host, code: (chunks: React.ReactNode) => <Code>{chunks}</Code> };
  return (
    <Alert color="amber" variant="light" icon={<TriangleAlert size={18} aria-hidden />} title={t(`${problem}.title`)}>
      <Text size="sm">{t(`${problem}.text`)}</Text>
      <List size="sm" mt="xs" spacing={4}>
        <List.Item>{t.rich('proxy', rich)}</List.Item>
        {problem !== 'plain_http' && <List.Item>{t.rich('tunnel', rich)}</List.Item>}
      </List>
      <Text size="sm" mt="xs">
        {t.rich('then', rich)}
      </Text>
    </Alert>
  );
}
