import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function NewSourcePage() {
  const t = useTranslations('sources');
  return <Page title={t('title')}>{null}</Page>;
}
