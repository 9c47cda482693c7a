/** Makes a class, by hand, by list or by rule; or changes its name, description and rule. */
import { Button, Checkbox, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Item } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { draftOf, EMPTY_CONDITION, ruleOf } from './draft-rule.ts';
import { RuleBuilder } from './rule-builder.tsx';

type Cohort = Item<'/api/v1/cohorts'>;

const FILLS = ['hand', 'list', 'rule'] as const;
type Fill = (typeof FILLS)[number];

/** `cohort`: the class to change; null: a new one. */
export function ClassForm(props: { opened: boolean; cohort: Cohort | null; onClose(): void }) {
  const t = useTranslations('classes.form');
  const { cohort } = props;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="xl"
      title={cohort === null ? t('createTitle') : t('editTitle', { name: cohort.name })}
    >
      {cohort === null ? (
        <NewClass onClose={props.onClose} />
      ) : (
        <ChangedClass cohort={cohort} onClose={props.onClose} />
      )}
    </Modal>
  );
}

function NewClass(props: { onClose(): void }) {
  const t = useTranslations('classes.form');
  const figure = useTranslations('common.figure');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [fill, setFill] = useState<Fill>('hand');
  const [list, setList] = useState('');
  const [draft, setDraft] = useState([EMPTY_CONDITION]);
  const create = $api.useMutation('post', '/api/v1/cohorts');
  const add = $api.useMutation('post', '/api/v1/cohorts/{id}/members');
  const rule = fill === 'rule' ? ruleOf(draft) : null;
  const ready = name.trim() !== '' && (fill !== 'rule' || rule !== null) && (fill !== 'list' || list.trim() !== '');
  const submit = async () => {
    const made = await create.mutateAsync({
      body: { name: name.trim(), description: description.trim() === '' ? null : description.trim(), rule },
    });
    if (fill === 'list') await add.mutateAsync({ params: { path: { id: made.id } }, body: { list } });
    notifications.show({ message: t('done', { name: made.name }) });
    await queries.invalidateQueries();
    props.onClose();
    await navigate({ to: '/classes/$id', params: { id: made.id } });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // What went wrong stands in the form: the mutations keep it.
        if (ready) submit().catch(() => undefined);
      }}
    >
      <Stack gap="md">
        <NameFields name={name} onName={setName} description={description} onDescription={setDescription} />
        <Radio.Group
          label={t('fill')}
          value={fill}
          onChange={(value) => setFill(FILLS.find((one) => one === value) ?? 'hand')}
        >
          <Group mt="xs" gap="lg">
            {FILLS.map((one) => (
              <Radio key={one} value={one} label={t(one)} />
            ))}
          </Group>
        </Radio.Group>
        {fill === 'hand' && (
          <Text size="sm" c="dimmed">
            {t('handHelp')}
          </Text>
        )}
        {fill === 'list' && (
          <Textarea
            label={t('listLabel')}
            description={t('listHelp')}
            autosize
            minRows={5}
            maxRows={12}
            value={list}
            onChange={(event) => setList(event.currentTarget.value)}
          />
        )}
        {fill === 'rule' && <RuleBuilder draft={draft} onDraft={setDraft} />}
        <Refusal error={create.error ?? add.error} words={{ conflict: t('taken') }} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {figure('cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={create.isPending || add.isPending}>
            {t('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ChangedClass({ cohort, onClose }: { cohort: Cohort; onClose(): void }) {
  const t = useTranslations('classes.form');
  const figure = useTranslations('common.figure');
  const queries = useQueryClient();
  const [name, setName] = useState(cohort.name);
  const [description, setDescription] = useState(cohort.description ?? '');
  const [ruled, setRuled] = useState(cohort.rule !== null);
  const [draft, setDraft] = useState(cohort.rule === null ? [EMPTY_CONDITION] : draftOf(cohort.rule));
  const patch = $api.useMutation('patch', '/api/v1/cohorts/{id}');
  const rule = ruled ? ruleOf(draft) : null;
  const ready = name.trim() !== '' && (!ruled || rule !== null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        patch.mutate(
          {
            params: { path: { id: cohort.id } },
            body: {
              name: name.trim(),
              description: description.trim() === '' ? null : description.trim(),
              ...(JSON.stringify(rule) === JSON.stringify(cohort.rule) ? {} : { rule }),
            },
          },
          {
            onSuccess: async () => {
              notifications.show({ message: t('saved') });
              onClose();
              await queries.invalidateQueries();
            },
          },
        );
      }}
    >
      <Stack gap="md">
        <NameFields name={name} onName={setName} description={description} onDescription={setDescription} />
        <Checkbox label={t('keepRule')} checked={ruled} onChange={(event) => setRuled(event.currentTarget.checked)} />
        {ruled && <RuleBuilder draft={draft} onDraft={setDraft} />}
        <Refusal error={patch.error} words={{ conflict: t('taken') }} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {figure('cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={patch.isPending}>
            {figure('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function NameFields(props: {
  name: string;
  onName(name: string): void;
  description: string;
  onDescription(description: string): void;
}) {
  const t = useTranslations('classes.form');
  return (
    <>
      <TextInput
        label={t('name')}
        description={t('nameHelp')}
        required
        data-autofocus
        maxLength={200}
        value={props.name}
        onChange={(event) => props.onName(event.currentTarget.value)}
      />
      <TextInput
        label={t('description')}
        maxLength={2000}
        value={props.description}
        onChange={(event) => props.onDescription(event.currentTarget.value)}
      />
    </>
  );
}
