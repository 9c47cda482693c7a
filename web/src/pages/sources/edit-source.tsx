/** Changes what can be changed without the platform; secrets are changed by a rotation. */
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Source } from '../../api/types.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { IdentityFields, LimitFields, NameField, OriginsField } from './common-fields.tsx';
import { randomSecret } from './random-secret.ts';
import { SecretInput } from './secret-input.tsx';
import { draftOf, fieldErrors, type SourceDraft, toChanges } from './source-draft.ts';

export function EditSource({ source, onClose }: { source: Source; onClose(): void }) {
  const t = useTranslations('sources');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(source));
  const patch = $api.useMutation('patch', '/api/v1/sources/{id}');
  const errors = fieldErrors(patch.error);
  const fields = { draft, errors, change: (change: Partial<SourceDraft>) => setDraft({ ...draft, ...change }) };

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = toChanges(source, draft);
    if (Object.keys(body).length === 0) return onClose();
    patch.mutate(
      { params: { path: { id: source.id } }, body },
      {
        onSuccess() {
          refresh(queries, '/api/v1/sources');
          notifications.show({ message: common('saved'), color: 'green' });
          onClose();
        },
      },
    );
  }

  return (
    <Dialog onClose={onClose} title={t('edit.title', { source: source.name })} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {patch.error !== null && Object.keys(errors).length === 0 && <Refusal error={patch.error} />}
          <NameField {...fields} provider={source.provider} />
          {source.provider === 'testpress' && (
            <TextInput
              label={t('platform.testpress.publicKey')}
              value={draft.publicKey}
              onChange={(event) => fields.change({ publicKey: event.currentTarget.value })}
              error={errors.publicKey}
            />
          )}
          {source.provider === 'synap' && (
            <>
              <TextInput
                label={t('platform.synap.username')}
                description={t('edit.usernameHint')}
                value={draft.username}
                onChange={(event) => fields.change({ username: event.currentTarget.value })}
                error={errors['basicAuth/username']}
              />
              <SecretInput
                label={t('platform.synap.password')}
                description={t('edit.passwordHint')}
                value={draft.password}
                onChange={(password) => fields.change({ password })}
                makeUp={randomSecret}
                error={errors['basicAuth/password']}
              />
            </>
          )}
          {source.provider === 'easygenerator' && <OriginsField {...fields} />}
          <IdentityFields {...fields} />
          <LimitFields {...fields} />
          {draft.slug !== source.slug && (
            <Alert color="amber" variant="light" py="sm" icon={<TriangleAlert size={18} aria-hidden />}>
              {t('edit.newUrl')}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={patch.isPending}>
              {common('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
