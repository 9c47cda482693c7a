/** How well the attempts are proved, as words with what each proves. */
import { Text } from '@mantine/core';
import { KeyRound, type LucideIcon, ShieldAlert, ShieldCheck, ShieldHalf } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Count } from '../../parts/figures.tsx';
import classes from './explain.module.css';
import type { Explained } from './explained.ts';
import { Part } from './part.tsx';

const MARKS: Record<Explained['verification'][number]['verification'], [LucideIcon, string]> = {
  signature: [ShieldCheck, 'var(--gw-good)'],
  signature_partial: [ShieldHalf, 'var(--gw-good)'],
  basic: [KeyRound, 'var(--gw-muted)'],
  token: [ShieldAlert, 'var(--gw-attention)'],
};

export function Verification({ verification }: { verification: Explained['verification'] }) {
  const t = useTranslations('explain.verification');
  const some = verification.filter(({ attempts }) => attempts > 0);
  return (
    <Part title={t('title')}>
      {some.length === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <ul className={classes.proofs}>
          {some.map(({ verification: proof, attempts }) => {
            const [Icon, color] = MARKS[proof];
            return (
              <li key={proof}>
                <Icon size={16} aria-hidden color={color} />
                <span>
                  <strong>{t(proof)}</strong> – {t(`${proof}Help`)}
                </span>
                <span className={classes.number}>
                  <Count value={attempts} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}
