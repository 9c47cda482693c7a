/** An address that leads nowhere. */
import { Button, Container } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Empty } from '../parts/states.tsx';

export function NotFound() {
  const t = useTranslations('common.state');
  return (
    <Container size="sm" py="xl">
      <Empty
        title={t('notFound')}
        action={
          <Button component="a" href="/">
            {t('goLive')}
          </Button>
        }
      >
        {t('notFoundText')}
      </Empty>
    </Container>
  );
}
