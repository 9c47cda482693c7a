import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function InvitationPage() {
  const t = useTranslations('signIn');
  return <Page title={t('title')}>{null}</Page>;
}
