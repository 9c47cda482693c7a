/** A new secret, password or URL token; the old one holds on for a while, so that nothing is refused meanwhile. */
import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Source } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { IngestUrls } from './ingest-urls.tsx';
import { randomSecret, randomSigningSecret } from './random-secret.ts';
import { SecretInput } from './secret-input.tsx';
import { fieldErrors } from './source-draft.ts';

const OVERLAPS = [0, 3_600, 86_400, 604_800] as const;
const DAY_SECONDS = 86_400;

export function RotateSource({ source, onClose }: { source: Source; onClose(): void }) {
  const t = useTranslations('sources.rotate');
  const platform = useTranslations('sources.platform');
  const common = useTranslations('common');
  const format = useFormatter();
  const queries = useQueryClient();
  // A source with a password may also get a new URL; a source without one has only its URL.
  const [what, setWhat] = useState<'secret' | 'url'>(source.verification === 'token' ? 'url' : 'secret');
  const [secret, setSecret] = useState('');
  const [overlap, setOverlap] = useState<number>(DAY_SECONDS);
  const [tried, setTried] = useState(false);
  const rotate = $api.useMutation('post', '/api/v1/sources/{id}/rotate');
  const kind = what === 'url' ? 'url' : source.verification === 'basic' ? 'password' : 'secret';
  const name = common(`provider.${source.provider}`);
  // Secrets that the platform makes are pasted; for the others one can be made up here.
  const makeUp =
    source.provider === 'quizapi' || source.provider === 'synap'
      ? randomSecret
      : source.provider === 'standard'
        ? randomSigningSecret
        : undefined;
  const label =
    source.provider === 'synap'
      ? platform('synap.password')
      : source.provider === 'easygenerator'
        ? ''
        : platform(`${source.provider}.secret`);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (what === 'secret' && secret.trim() === '') return;
    rotate.mutate(
      {
        params: { path: { id: source.id } },
        body: { ...(what === 'secret' ? { secret: secret.trim() } : {}), overlapSeconds: overlap },
      },
      { onSuccess: () => refresh(queries, '/api/v1/sources') },
    );
  }

  return (
    <Dialog onClose={onClose} title={t(`title.${kind}`, { source: source.name })} size="lg">
      {rotate.data !== undefined ? (
        <Stack gap="md">
          <Alert color="green" variant="light" icon={<CircleCheck size={18} aria-hidden />} role="status" py="sm">
            {overlap === 0
              ? t('doneAtOnce')
              : t('done', {
                  until: format.dateTime(new Date(Date.now() + overlap * 1_000), {
                    dateStyle: 'medium',
                    timeStyle: 'short',
                  }),
                })}
          </Alert>
          <Text size="sm">{t(`next.${kind}`, { platform: name })}</Text>
          {what === 'url' ? (
            <IngestUrls source={rotate.data} />
          ) : (
            makeUp !== undefined && <Copyable text={secret.trim()} label={label} />
          )}
          <Group justify="flex-end">
            <Button onClick={onClose}>{common('figure.close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            {rotate.error !== null && fieldErrors(rotate.error).secret === undefined && (
              <Refusal error={rotate.error} />
            )}
            {source.verification === 'basic' && (
              <NativeSelect
                label={t('what')}
                value={what}
                onChange={(event) => setWhat(event.currentTarget.value === 'url' ? 'url' : 'secret')}
                data={[
                  { value: 'secret', label: t('whatPassword') },
                  { value: 'url', label: t('whatUrl') },
                ]}
              />
            )}
            {what === 'secret' ? (
              <SecretInput
                label={label}
                description={t(makeUp === undefined ? 'paste' : 'pasteOrMake', { platform: name })}
                value={secret}
                onChange={setSecret}
                {...(makeUp === undefined ? {} : { makeUp })}
                error={fieldErrors(rotate.error).secret ?? (tried && secret.trim() === '' ? t('missing') : undefined)}
                required
              />
            ) : (
              <Text size="sm">{t('urlText', { platform: name })}</Text>
            )}
            <NativeSelect
              label={t('overlap')}
              description={t('overlapHint')}
              value={String(overlap)}
              onChange={(event) => setOverlap(Number(event.currentTarget.value))}
              data={OVERLAPS.map((seconds) => ({ value: String(seconds), label: t(`overlapOf.${seconds}`) }))}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {common('figure.cancel')}
              </Button>
              <Button type="submit" loading={rotate.isPending}>
                {t(`submit.${kind}`)}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
