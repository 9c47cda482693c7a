/** Name, time zone, how figures count, when silence is told, and how long things are kept. */
import { Button, Group, Radio, Select, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Answer } from '../../api/types.ts';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Shown } from '../../parts/states.tsx';
import { KeepingFields } from './keeping-fields.tsx';
import { PolicyFields } from './policy-fields.tsx';

export type WorkspaceSettings = Answer<'/api/v1/workspace'>;

export function WorkspaceTab() {
  const query = $api.useQuery('get', '/api/v1/workspace');
  return <Shown query={query}>{(settings) => <WorkspaceForm settings={settings} />}</Shown>;
}

function WorkspaceForm({ settings }: { settings: WorkspaceSettings }) {
  const t = useTranslations('settings.workspace');
  const common = useTranslations('common.figure');
  const queries = useQueryClient();
  const [draft, setDraft] = useState(settings);
  const change = (part: Partial<WorkspaceSettings>) => setDraft((before) => ({ ...before, ...part }));
  const zones = useMemo(() => [...new Set(['UTC', settings.tz, ...Intl.supportedValuesOf('timeZone')])], [settings.tz]);
  const save = $api.useMutation('patch', '/api/v1/workspace');
  const changed = JSON.stringify(draft) !== JSON.stringify(settings);
  const nameMissing = draft.name.trim() === '';

  function submit(event: FormEvent) {
    event.preventDefault();
    if (nameMissing) return;
    save.mutate(
      { body: { ...draft, name: draft.name.trim() } },
      {
        onSuccess(saved) {
          setDraft(saved);
          // Every figure may be another now.
          void queries.invalidateQueries();
          refresh(queries, '/api/v1/workspace');
          notifications.show({ message: common('saved'), color: 'green' });
        },
      },
    );
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={720} gap={0}>
        <Section title={t('about')}>
          <Stack gap="md">
            <TextInput
              label={t('name')}
              description={t('nameHint')}
              value={draft.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
              error={nameMissing ? t('nameMissing') : undefined}
            />
            <Select
              label={t('tz')}
              description={t('tzHint')}
              searchable
              allowDeselect={false}
              value={draft.tz}
              onChange={(tz) => tz !== null && change({ tz })}
              data={zones}
              nothingFoundMessage={t('tzNone')}
            />
          </Stack>
        </Section>
        <Section title={t('attempts')} note={t('attemptsNote')}>
          <PolicyFields value={draft.attempts} onChange={(attempts) => change({ attempts })} />
        </Section>
        <Section title={t('unverified')}>
          <Radio.Group
            label={t('unverifiedLabel')}
            description={t('unverifiedHint')}
            value={draft.unverified}
            onChange={(value) => change({ unverified: value === 'exclude' ? 'exclude' : 'include' })}
          >
            <Stack gap="sm" mt="sm">
              <Radio value="include" label={t('include')} description={t('includeText')} />
              <Radio value="exclude" label={t('exclude')} description={t('excludeText')} />
            </Stack>
          </Radio.Group>
        </Section>
        <KeepingFields value={draft} onChange={change} />
        <Stack gap="sm">
          <Refusal error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!changed}>
              {common('save')}
            </Button>
            {changed && (
              <Button variant="default" onClick={() => setDraft(settings)}>
                {t('undo')}
              </Button>
            )}
          </Group>
        </Stack>
      </Stack>
    </form>
  );
}
