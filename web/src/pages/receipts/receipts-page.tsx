import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function ReceiptsPage() {
  const t = useTranslations('sources');
  return <Page title={t('title')}>{null}</Page>;
}
