/** Certificate, the platform's own fields, and the webhooks that an attempt is made of. */
import { Anchor, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { Section } from '../../parts/page.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import names from '../learners/learners.module.css';
import classes from './attempt.module.css';

export function AttemptEvidence({ attempt }: { attempt: Answer<'/api/v1/attempts/{id}'> }) {
  const t = useTranslations('learners.attempt');
  const { role } = useMe();
  // The platform's own fields and ids may hold names and addresses.
  const { on: presenting } = usePresenter();
  const fields = Object.entries(attempt.platform);
  return (
    <>
      {attempt.certificate !== null && (
        <Section title={t('certificate')}>
          <Anchor href={webUrl(attempt.certificate.url)} target="_blank" rel="noreferrer noopener">
            {t('openCertificate')}
          </Anchor>
        </Section>
      )}
      {fields.length > 0 && !presenting && (
        <Section title={t('platform')}>
          <TableRegion label={t('platform')}>
            <Table maw={960}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('field')}</Table.Th>
                  <Table.Th scope="col">{t('value')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {fields.map(([name, value]) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row" fw={400} className="gw-mono">
                      {name}
                    </Table.Th>
                    <Table.Td className={`${classes.value} gw-mono`}>
                      {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </TableRegion>
        </Section>
      )}
      {role !== 'learner' && (
        <Section title={t('receipts')} note={attempt.receipts.length > 0 ? t('receiptsNote') : undefined}>
          {attempt.receipts.length === 0 ? (
            <Text c="dimmed">{t('noReceipts')}</Text>
          ) : (
            <ol className={`${classes.receipts} gw-mono`}>
              {attempt.receipts.map((id) => (
                <li key={id}>
                  {/* Webhooks themselves are for admins: they hold everything that the platform sent. */}
                  {role === 'admin' ? (
                    <Link to="/receipts/$id" params={{ id }} className={names.name}>
                      {id}
                    </Link>
                  ) : (
                    id
                  )}
                </li>
              ))}
            </ol>
          )}
          {attempt.externalId !== null && !presenting && (
            <Text size="sm" c="dimmed">
              {t('id')}: <span className="gw-mono">{attempt.externalId}</span>
            </Text>
          )}
        </Section>
      )}
    </>
  );
}

/** An address that a platform sent, if it is one of the web; a `javascript:` address must never become a link. */
function webUrl(url: string): string | undefined {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}
