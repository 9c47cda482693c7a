import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function ActivityPage() {
  const t = useTranslations('activities');
  return <Page title={t('title')}>{null}</Page>;
}
