/** The secret that requests are signed with: shown on demand, and changed with an overlap. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Eye, EyeOff, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Moment } from '../../parts/figures.tsx';
import { Shown } from '../../parts/states.tsx';
import type { Endpoint } from './endpoint-draft.ts';
import { RotateSecret } from './rotate-secret.tsx';

/** `known`: it has just been made, so it is shown at once. */
export function SecretPanel({ endpoint, known }: { endpoint: Endpoint; known?: string | undefined }) {
  const t = useTranslations('endpoints.secret');
  const [shown, setShown] = useState(known !== undefined);
  const [rotating, rotate] = useDisclosure(false);
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" maw={720}>
        {t('about')}
      </Text>
      {shown && <Secret endpoint={endpoint} />}
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? 'hide' : 'show')}
        </Button>
        {known === undefined && (
          <Button variant="default" leftSection={<KeyRound size={16} aria-hidden />} onClick={rotate.open}>
            {t('rotate')}
          </Button>
        )}
      </Group>
      {rotating && <RotateSecret endpoint={endpoint} onClose={rotate.close} onRotated={() => setShown(true)} />}
    </Stack>
  );
}

function Secret({ endpoint }: { endpoint: Endpoint }) {
  const t = useTranslations('endpoints.secret');
  // Never kept longer than it is shown.
  const query = $api.useQuery(
    'get',
    '/api/v1/endpoints/{id}/secret',
    { params: { path: { id: endpoint.id } } },
    { gcTime: 0, staleTime: Number.POSITIVE_INFINITY },
  );
  return (
    <Shown query={query} lines={1}>
      {({ secret, previousUntil }) => (
        <div>
          <Copyable text={secret} label={t('title')} />
          {previousUntil !== null && (
            <Text size="sm" c="dimmed" mt={4}>
              {t.rich('previous', { time: () => <Moment at={previousUntil} /> })}
            </Text>
          )}
        </div>
      )}
    </Shown>
  );
}
