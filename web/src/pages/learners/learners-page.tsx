import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';

export function LearnersPage() {
  const t = useTranslations('learners');
  return <Page title={t('title')}>{null}</Page>;
}
