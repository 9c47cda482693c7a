/** Accepting an invitation by its link. */
import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { api, unwrap } from '../../api/client.ts';
import { $api } from '../../api/hooks.ts';
import { Failed, Loading } from '../../parts/states.tsx';
import { TextLink } from '../../parts/text-link.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { JoinForm } from './join-form.tsx';

const route = getRouteApi('/invitations/$token');

export function InvitationPage() {
  const t = useTranslations('signIn');
  const format = useFormatter();
  const { token } = route.useParams();
  const params = { path: { token } };
  const { data: invitation, error, refetch } = $api.useQuery('get', '/api/v1/invitations/{token}', { params });
  if (error instanceof ApiError && error.status === 404) {
    return (
      <EntryFrame title={t('invitation.over')}>
        <Text>{t('invitation.overText')}</Text>
        <TextLink to="/sign-in">{t('toSignIn')}</TextLink>
      </EntryFrame>
    );
  }
  if (error) {
    return (
      <EntryFrame title={t('invitation.title')}>
        <Failed error={error} retry={() => void refetch()} />
      </EntryFrame>
    );
  }
  if (invitation === undefined) {
    return (
      <EntryFrame title={t('invitation.title')}>
        <Loading />
      </EntryFrame>
    );
  }
  return (
    <EntryFrame
      title={t('invitation.titleOf', { workspace: invitation.workspace.name })}
      lead={t('invitation.lead', {
        role: t(`role.${invitation.role}`),
        until: format.dateTime(new Date(invitation.expiresAt), { dateStyle: 'medium', timeStyle: 'short' }),
      })}
    >
      <JoinForm
        email={invitation.email}
        submit={t('invitation.submit')}
        words={{ invalid_credentials: t('errors.otherPassword'), not_found: t('invitation.overText') }}
        join={({ name, password }) =>
          unwrap(api.POST('/api/v1/invitations/{token}/accept', { params, body: { name, password } }))
        }
      />
    </EntryFrame>
  );
}
