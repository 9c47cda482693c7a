/** What an admin sets for an activity: pass mark, due time, and which attempts count. */
import { Button, Group, NumberInput, Radio, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity } from '../../api/types.ts';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { viewerTimeZone } from '../../shell/filters.ts';
import { useMe } from '../../shell/session.ts';
import { fromLocalInput, toLocalInput } from './local-time.ts';

const POLICIES = ['workspace', 'first', 'last', 'best', 'all'] as const;

export function SettingsTab({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.settings');
  const policies = useTranslations('common.policy');
  const common = useTranslations('common.figure');
  const { workspace } = useMe();
  const queries = useQueryClient();
  const [pass, setPass] = useState<number | ''>(activity.passPercentage ?? '');
  const [due, setDue] = useState(toLocalInput(activity.dueAt));
  const [policy, setPolicy] = useState<(typeof POLICIES)[number]>(activity.attempts ?? 'workspace');
  const save = $api.useMutation('patch', '/api/v1/activities/{id}', {
    onSuccess: async () => {
      await queries.invalidateQueries({
        predicate: ({ queryKey: [, path] }) =>
          typeof path === 'string' && (path.startsWith('/api/v1/activities') || path === '/api/v1/explain'),
      });
      notifications.show({ message: t('saved'), color: 'green' });
    },
  });
  const send = () => {
    const passPercentage = pass === '' ? null : pass;
    const attempts = policy === 'workspace' ? null : policy;
    // Only what changed: a due time that is sent keeps platforms from changing it.
    const body = {
      ...(passPercentage === activity.passPercentage ? {} : { passPercentage }),
      ...(due === toLocalInput(activity.dueAt) ? {} : { dueAt: fromLocalInput(due) }),
      ...(attempts === activity.attempts ? {} : { attempts }),
    };
    if (Object.keys(body).length === 0) return void notifications.show({ message: t('unchanged') });
    save.mutate({ params: { path: { id: activity.id } }, body });
  };
  return (
    <Section title={t('title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="lg" maw={560}>
          <NumberInput
            label={t('pass')}
            description={t('passHelp')}
            suffix=" %"
            min={0}
            max={100}
            decimalScale={2}
            w={{ base: '100%', xs: 320 }}
            value={pass}
            onChange={(value) => setPass(typeof value === 'number' ? value : value === '' ? '' : Number(value))}
          />
          <TextInput
            type="datetime-local"
            label={t('due')}
            description={t('dueHelp', { zone: viewerTimeZone })}
            w={{ base: '100%', xs: 320 }}
            value={due}
            onChange={(event) => setDue(event.currentTarget.value)}
          />
          <Radio.Group
            label={t('policy')}
            description={t('policyHelp')}
            value={policy}
            onChange={(value) => setPolicy(POLICIES.find((name) => name === value) ?? 'workspace')}
          >
            <Stack gap="sm" mt="sm">
              {POLICIES.map((name) => (
                <Radio
                  key={name}
                  value={name}
                  label={t(`policies.${name}`)}
                  description={
                    name === 'workspace'
                      ? t('policies.workspaceHelp', { policy: policies(workspace.attempts.class) })
                      : t(`policies.${name}Help`)
                  }
                />
              ))}
            </Stack>
          </Radio.Group>
          <Refusal error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending}>
              {common('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
