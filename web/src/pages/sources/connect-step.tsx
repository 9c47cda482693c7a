/** The third step: what to paste at the platform, and the wait for its first webhook. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Source } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { ArrivalsList } from './arrivals-list.tsx';
import { IngestUrls } from './ingest-urls.tsx';
import { PlatformGuide } from './platform-guide.tsx';
import { ReachWarning } from './reach-warning.tsx';
import { SecretInput } from './secret-input.tsx';
import { SendTest } from './send-test.tsx';
import { fieldErrors, type SourceDraft } from './source-draft.ts';

/** `draft`: what was typed a moment ago, shown this once; null after a reload. */
export function ConnectStep({ source, draft }: { source: Source; draft: SourceDraft | null }) {
  const t = useTranslations('sources');
  const title = useTranslations('common.provider');
  return (
    <>
      <Stack gap="lg" mb="xl" maw={860}>
        <ReachWarning source={source} />
        <PlatformGuide provider={source.provider} />
        <IngestUrls source={source} />
        {draft !== null && <ShownOnce source={source} draft={draft} />}
        {source.provider === 'instruqt' && <SigningSecret source={source} />}
      </Stack>
      <Section title={t('new.wait')}>
        <Stack gap="md" maw={860}>
          <ArrivalsList
            sourceId={source.id}
            waiting={t('watch.waiting', { platform: title(source.provider) })}
            first={t('watch.first', { platform: title(source.provider) })}
          />
          <SendTest source={source} />
          <Group>
            <ButtonLink to="/sources/$id" params={{ id: source.id }}>
              {t('new.done')}
            </ButtonLink>
            <Text size="sm" c="dimmed">
              {t('new.leave')}
            </Text>
          </Group>
        </Stack>
      </Section>
    </>
  );
}

/** Secrets of ours that the platform has to know. They do not come back from the server. */
function ShownOnce({ source, draft }: { source: Source; draft: SourceDraft }) {
  const t = useTranslations('sources');
  const shown: [label: string, text: string][] = [];
  if (source.provider === 'quizapi') shown.push([t('platform.quizapi.secret'), draft.secret]);
  if (source.provider === 'standard') shown.push([t('platform.standard.secret'), draft.secret]);
  if (source.provider === 'synap' && draft.password !== '') {
    shown.push([t('platform.synap.username'), draft.username], [t('platform.synap.password'), draft.password]);
  }
  if (shown.length === 0) return null;
  return (
    <Stack gap={4}>
      {shown.map(([label, text]) => (
        <div key={label}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <Copyable text={text} label={label} />
        </div>
      ))}
      <Text size="sm" c="dimmed">
        {t('new.once')}
      </Text>
    </Stack>
  );
}

/** Instruqt shows its signing secret once the endpoint is there. */
function SigningSecret({ source }: { source: Source }) {
  const t = useTranslations('sources');
  const [secret, setSecret] = useState('');
  const [tried, setTried] = useState(false);
  const rotate = $api.useMutation('post', '/api/v1/sources/{id}/rotate');

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (secret.trim() === '') return;
    // What stood there before was made up by us: nobody signs with it.
    rotate.mutate({ params: { path: { id: source.id } }, body: { secret: secret.trim(), overlapSeconds: 0 } });
  }

  if (rotate.isSuccess) {
    return (
      <Alert color="green" variant="light" icon={<CircleCheck size={18} aria-hidden />} role="status" py="sm">
        {t('platform.instruqt.secretKept')}
      </Alert>
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-end" gap="sm">
        <SecretInput
          label={t('platform.instruqt.secret')}
          description={t('platform.instruqt.secretHint')}
          value={secret}
          onChange={setSecret}
          error={fieldErrors(rotate.error).secret ?? (tried && secret.trim() === '' ? t('fields.missing') : undefined)}
          required
        />
        <Button type="submit" loading={rotate.isPending}>
          {t('fields.keep')}
        </Button>
      </Group>
      {rotate.error !== null && fieldErrors(rotate.error).secret === undefined && <Refusal error={rotate.error} />}
    </form>
  );
}
