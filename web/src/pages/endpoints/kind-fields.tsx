/** What only one kind of endpoint has. */
import { NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ACTORS, METHODS } from './endpoint-draft.ts';
import type { FormFields } from './endpoint-form.tsx';
import { HeaderFields } from './header-fields.tsx';

export function WebhookFields(fields: FormFields) {
  const t = useTranslations('endpoints.webhook');
  const { draft, change, errorOf } = fields;
  return (
    <>
      {draft.choice === 'hubspot' && (
        <TextInput
          label={t('hubspotEvent')}
          description={t('hubspotEventHint')}
          value={draft.hubspotEvent}
          onChange={(event) => change({ hubspotEvent: event.currentTarget.value })}
          error={errorOf('config/hubspotEvent')}
          aria-invalid={errorOf('config/hubspotEvent') !== undefined}
          spellCheck={false}
        />
      )}
      <NativeSelect
        label={t('method')}
        value={draft.method}
        onChange={(event) => change({ method: METHODS.find((name) => name === event.currentTarget.value) ?? 'POST' })}
        data={[...METHODS]}
      />
      <HeaderFields {...fields} />
      {draft.choice === 'webhook' && (
        <>
          <Textarea
            label={t('template')}
            description={t('templateHint')}
            placeholder={'{ "who": data.learner.name, "percent": data.attempt.percentage }'}
            value={draft.template}
            onChange={(event) => change({ template: event.currentTarget.value })}
            error={errorOf('config/template')}
            autosize
            minRows={4}
            maxRows={20}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          {draft.template.trim() !== '' && (
            <TextInput
              label={t('contentType')}
              placeholder="application/json"
              value={draft.contentType}
              onChange={(event) => change({ contentType: event.currentTarget.value })}
              error={errorOf('config/contentType')}
              spellCheck={false}
            />
          )}
        </>
      )}
    </>
  );
}

export function XapiFields({ draft, change, errorOf }: FormFields) {
  const t = useTranslations('endpoints.xapi');
  return (
    <>
      <Radio.Group
        label={t('actor')}
        description={t('actorHint')}
        value={draft.actor}
        onChange={(value) => change({ actor: ACTORS.find((name) => name === value) ?? 'source' })}
      >
        <Stack gap="sm" mt="xs">
          {ACTORS.map((name) => (
            <Radio key={name} value={name} label={t(`actorOf.${name}.name`)} description={t(`actorOf.${name}.text`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={t('base')}
        description={t('baseHint')}
        type="url"
        value={draft.activityBase}
        onChange={(event) => change({ activityBase: event.currentTarget.value })}
        error={errorOf('config/activityBase')}
        spellCheck={false}
      />
    </>
  );
}

export function EmailFields({ draft, change, errorOf }: FormFields) {
  const t = useTranslations('endpoints.mail');
  return (
    <>
      <TextInput
        label={t('subject')}
        description={t('subjectHint')}
        value={draft.subject}
        onChange={(event) => change({ subject: event.currentTarget.value })}
        error={errorOf('config/subject')}
      />
      <Textarea
        label={t('text')}
        description={t('textHint')}
        value={draft.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        error={errorOf('config/template')}
        autosize
        minRows={5}
        maxRows={20}
      />
    </>
  );
}
