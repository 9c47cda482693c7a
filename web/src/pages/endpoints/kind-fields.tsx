/** What only one kind of endpoint has. */
import { NativeSelect, NumberInput, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ACTORS, LANGUAGES, METHODS } from './endpoint-draft.ts';
import type { FormFields } from './endpoint-form.tsx';
import { HeaderFields } from './header-fields.tsx';

/** What a mail's own text may hold. */
const VARIABLES =
  '{{learner}}, {{activity}}, {{event}}, {{result}}, {{outcome}}, {{score}}, {{when}}, {{duration}}, {{link}}, {{note}}';

/** HubSpot knows events of its own by their full names. */
export function HubspotField({ draft, change, errorOf }: FormFields) {
  const t = useTranslations('endpoints.webhook');
  return (
    <TextInput
      label={t('hubspotEvent')}
      description={t('hubspotEventHint')}
      value={draft.hubspotEvent}
      onChange={(event) => change({ hubspotEvent: event.currentTarget.value })}
      error={errorOf('config/hubspotEvent')}
      aria-invalid={errorOf('config/hubspotEvent') !== undefined}
      spellCheck={false}
    />
  );
}

export function WebhookFields(fields: FormFields) {
  const t = useTranslations('endpoints.webhook');
  const { draft, change, errorOf } = fields;
  return (
    <>
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
        description={t('textHint', { variables: VARIABLES })}
        value={draft.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        error={errorOf('config/template')}
        autosize
        minRows={5}
        maxRows={20}
      />
      <NativeSelect
        label={t('language')}
        value={draft.language}
        onChange={(event) =>
          change({ language: LANGUAGES.find((name) => name === event.currentTarget.value) ?? draft.language })
        }
        data={LANGUAGES.map((name) => ({ value: name, label: t(`languageOf.${name}`) }))}
      />
      <TextInput
        label={t('timeZone')}
        value={draft.timeZone}
        onChange={(event) => change({ timeZone: event.currentTarget.value })}
        error={errorOf('config/timeZone')}
        spellCheck={false}
      />
      {draft.choice === 'learner' && (
        <NumberInput
          label={t('perHour')}
          description={t('perHourHint')}
          value={draft.perHour ?? ''}
          onChange={(value) => change({ perHour: typeof value === 'number' ? value : null })}
          min={1}
          max={100}
          allowDecimal={false}
          error={errorOf('config/perLearnerPerHour')}
        />
      )}
    </>
  );
}
