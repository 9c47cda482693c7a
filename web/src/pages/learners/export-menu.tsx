/** Downloads attempts, narrowed as the page is: the browser fetches the file itself. */
import { Button, Menu } from '@mantine/core';
import { Download } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { apiUrl } from '../../api/download.ts';
import { rangeStart, useFilters } from '../../shell/filters.ts';

const FORMATS = ['xlsx', 'csv', 'ndjson'] as const;

export function ExportMenu(props: {
  query: { cohort?: string | undefined; learner?: string; activity?: string; state?: string | undefined };
}) {
  const t = useTranslations('learners.export');
  const { range } = useFilters();
  const nameOf = useTranslations('common.range');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<Download size={16} aria-hidden />}>
          {t('attempts')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('what', { range: nameOf(range) })}</Menu.Label>
        {FORMATS.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            download
            href={apiUrl('/api/v1/export/attempts', { format, from: rangeStart(range), ...props.query })}
          >
            {t(format)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
