/** The first administrator's account, by the one-time link that the server printed. */
import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { api, unwrap } from '../../api/client.ts';
import { $api } from '../../api/hooks.ts';
import { Shown } from '../../parts/states.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { JoinForm } from './join-form.tsx';

const route = getRouteApi('/setup');

export function SetupPage() {
  const t = useTranslations('signIn');
  const { token } = route.useSearch();
  const options = $api.useQuery('get', '/api/v1/sign-in-options');
  return (
    <EntryFrame title={t('setup.title')} lead={options.data?.setupNeeded === true ? t('setup.lead') : undefined}>
      <Shown query={options}>
        {({ setupNeeded }) =>
          !setupNeeded ? (
            <>
              <Text>{t('setup.done')}</Text>
              <TextLink to="/sign-in">{t('toSignIn')}</TextLink>
            </>
          ) : token === undefined ? (
            <Text>{t.rich('setup.neededText', { code: (chunks) => <code>{chunks}</code> })}</Text>
          ) : (
            <JoinForm
              submit={t('setup.submit')}
              words={{ forbidden: t('errors.setupUsed'), conflict: t('errors.taken') }}
              join={(person) => unwrap(api.POST('/api/v1/setup', { body: { token, ...person } }))}
            />
          )
        }
      </Shown>
    </EntryFrame>
  );
}
