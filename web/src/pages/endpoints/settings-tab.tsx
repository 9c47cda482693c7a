/** Everything about an endpoint that can be changed, its secret, and its end. */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Section } from '../../parts/page.tsx';
import { draftOf, type Endpoint, toChanges } from './endpoint-draft.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { useEndpointName, useKindName } from './endpoint-marks.tsx';
import { SecretPanel } from './secret-panel.tsx';

export function SettingsTab({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints');
  const common = useTranslations('common.figure');
  const kindOf = useKindName();
  const queries = useQueryClient();
  const patch = $api.useMutation('patch', '/api/v1/endpoints/{id}');
  // The form starts anew from what was saved, so that secrets that were typed do not stay in it.
  const [saved, setSaved] = useState(0);
  return (
    <>
      <Section title={t('settings.title')} note={kindOf(endpoint)}>
        <EndpointForm
          key={saved}
          initial={draftOf(endpoint)}
          existing={{ id: endpoint.id, secretsSet: endpoint.secretsSet }}
          error={patch.error}
          busy={patch.isPending}
          submit={common('save')}
          onSubmit={(draft) =>
            patch.mutate(
              { params: { path: { id: endpoint.id } }, body: toChanges(endpoint, draft) },
              {
                onSuccess(changed) {
                  queries.setQueryData(
                    $api.queryOptions('get', '/api/v1/endpoints/{id}', { params: { path: { id: endpoint.id } } })
                      .queryKey,
                    changed,
                  );
                  refresh(queries, '/api/v1/endpoints');
                  setSaved((times) => times + 1);
                  notifications.show({ message: common('saved'), color: 'green' });
                },
              },
            )
          }
        />
      </Section>
      {endpoint.kind === 'webhook' && (
        <Section title={t('secret.title')}>
          <SecretPanel endpoint={endpoint} />
        </Section>
      )}
      <Section title={t('remove.section')}>
        <RemoveEndpoint endpoint={endpoint} />
      </Section>
    </>
  );
}

function RemoveEndpoint({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints.remove');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const nameOf = useEndpointName();
  const [asking, ask] = useDisclosure(false);
  const remove = $api.useMutation('delete', '/api/v1/endpoints/{id}');
  const name = nameOf(endpoint);
  return (
    <>
      <Text size="sm" mb="sm" maw={720}>
        {t('about')}
      </Text>
      <Button variant="default" c="var(--gw-failure)" leftSection={<Trash2 size={16} aria-hidden />} onClick={ask.open}>
        {t('open')}
      </Button>
      {asking && (
        <Confirm
          title={t('title', { name })}
          submit={t('submit')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(
              { params: { path: { id: endpoint.id } } },
              {
                onSuccess() {
                  notifications.show({ message: t('done', { name }), color: 'green' });
                  void navigate({ to: '/endpoints' }).then(() => refresh(queries, '/api/v1/endpoints'));
                },
              },
            )
          }
          onClose={ask.close}
        >
          <Text>{t('lost', { pending: endpoint.pending })}</Text>
        </Confirm>
      )}
    </>
  );
}
