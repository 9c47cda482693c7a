/** How a source is set up. */
import { useFormatter, useTranslations } from 'use-intl';
import type { Source } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { IDENTITY_FIELDS } from './source-draft.ts';
import classes from './sources.module.css';

export function SourceFacts({ source }: { source: Source }) {
  const t = useTranslations('sources');
  const format = useFormatter();
  const provider = useTranslations('common.provider');
  const identity = IDENTITY_FIELDS.filter((field) => source.identityFrom[field] !== undefined);
  return (
    <dl className={classes.facts}>
      <dt>{t('facts.platform')}</dt>
      <dd>{provider(source.provider)}</dd>
      <dt>{t('facts.proof')}</dt>
      <dd>{t(`proofText.${source.verification}`)}</dd>
      {source.publicKey !== null && (
        <>
          <dt>{t('platform.testpress.publicKey')}</dt>
          <dd className="gw-mono">{source.publicKey}</dd>
        </>
      )}
      {source.basicAuth !== null && (
        <>
          <dt>{t('platform.synap.username')}</dt>
          <dd className="gw-mono">{source.basicAuth.username}</dd>
        </>
      )}
      {source.allowedOrigins !== null && (
        <>
          <dt>{t('fields.origins')}</dt>
          <dd className="gw-mono">{source.allowedOrigins.join(', ')}</dd>
        </>
      )}
      <dt>{t('fields.identity')}</dt>
      <dd>
        {identity.length === 0
          ? t('facts.noIdentity')
          : identity.map((field) => `${t(`identityOf.${field}`)}: ${source.identityFrom[field] ?? ''}`).join(' · ')}
      </dd>
      <dt>{t('fields.rateLimit')}</dt>
      <dd>{source.rateLimit === null ? t('facts.noLimit') : format.number(source.rateLimit)}</dd>
      <dt>{t('facts.id')}</dt>
      <dd className="gw-mono">{source.id}</dd>
      <dt>{t('facts.created')}</dt>
      <dd>
        <Moment at={source.createdAt} />
      </dd>
    </dl>
  );
}
