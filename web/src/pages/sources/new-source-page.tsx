/** Connecting a platform, step by step. */
import { Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { ConnectStep } from './connect-step.tsx';
import { DetailsStep } from './details-step.tsx';
import { PlatformChoice } from './platform-choice.tsx';
import type { SourceDraft } from './source-draft.ts';
import classes from './sources.module.css';

const route = getRouteApi('/signed-in/sources/new');
const STEPS = ['choose', 'details', 'connect'] as const;

export function NewSourcePage() {
  const t = useTranslations('sources');
  const title = useTranslations('common.provider');
  const { provider, source: id } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<SourceDraft | null>(null);
  const made = $api.useQuery(
    'get',
    '/api/v1/sources/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== undefined },
  );
  const step = id !== undefined ? 'connect' : provider !== undefined ? 'details' : 'choose';
  const platform = made.data?.provider ?? provider;

  // The next step is where one reads on; the first load leaves the focus where it is.
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) heading.current?.focus();
    before.current = step;
  }, [step]);

  return (
    <Page title={t('new.title')} state={t('new.state')}>
      <ol className={classes.steps} aria-label={t('new.steps')}>
        {STEPS.map((name, index) => (
          <li key={name} {...(name === step ? { 'aria-current': 'step' as const } : {})}>
            {index + 1}. {t(`new.step.${name}`)}
          </li>
        ))}
      </ol>
      <Title order={2} mb="md" ref={heading} tabIndex={-1} className={classes.heading ?? ''}>
        {step === 'choose' || platform === undefined
          ? t('new.step.choose')
          : t(step === 'details' ? 'new.detailsOf' : 'new.connectOf', { platform: title(platform) })}
      </Title>
      {step === 'choose' && (
        <PlatformChoice
          initial={provider}
          onChosen={(chosen) => void navigate({ search: (previous) => ({ ...previous, provider: chosen }) })}
        />
      )}
      {step === 'details' && provider !== undefined && (
        <DetailsStep
          key={provider}
          provider={provider}
          onBack={() => void navigate({ search: (previous) => ({ ...previous, provider: undefined }) })}
          onMade={(source, typed) => {
            setDraft(typed);
            void queries.invalidateQueries({ predicate: ({ queryKey: [, path] }) => path === '/api/v1/sources' });
            void navigate({
              search: (previous) => ({ ...previous, provider: undefined, source: source.id }),
              replace: true,
            });
          }}
        />
      )}
      {step === 'connect' && <Shown query={made}>{(source) => <ConnectStep source={source} draft={draft} />}</Shown>}
    </Page>
  );
}
