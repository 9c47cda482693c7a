import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function EndpointsPage() {
  const t = useTranslations('endpoints');
  return <Page title={t('title')}>{null}</Page>;
}
