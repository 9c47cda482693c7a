import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function ClassesPage() {
  const t = useTranslations('classes');
  return <Page title={t('title')}>{null}</Page>;
}
