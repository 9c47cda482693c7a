import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function LivePage() {
  const t = useTranslations('live');
  return <Page title={t('title')}>{null}</Page>;
}
