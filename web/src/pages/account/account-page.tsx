import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function AccountPage() {
  const t = useTranslations('settings');
  return <Page title={t('title')}>{null}</Page>;
}
