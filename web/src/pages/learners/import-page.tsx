/** Roster import: a file or a pasted table, what its columns are, what would happen, and then it happens. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Page } from '../../parts/page.tsx';
import { Failed } from '../../parts/states.tsx';
import classes from './import.module.css';
import { ImportColumns } from './import-columns.tsx';
import { ImportFile } from './import-file.tsx';
import { ImportResult } from './import-result.tsx';
import { guessMapping, type RosterMapping, type RosterRow, type RosterTable, rosterRows } from './roster-file.ts';

const STEPS = ['file', 'columns', 'check', 'done'] as const;
type Step = (typeof STEPS)[number];

export function ImportPage() {
  const t = useTranslations('learners.import');
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>('file');
  const [table, setTable] = useState<RosterTable | null>(null);
  const [mapping, setMapping] = useState<RosterMapping | null>(null);
  const [fixed, setFixed] = useState<{ source?: string; cohort?: string }>({});
  const check = $api.useMutation('post', '/api/v1/learners/import');
  const run = $api.useMutation('post', '/api/v1/learners/import');
  const rows = (): RosterRow[] => (table === null || mapping === null ? [] : rosterRows(table, mapping, fixed));

  // Whoever works by keyboard or ear is taken to the step that begins.
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is what it waits for.
  useEffect(() => {
    if (first.current) first.current = false;
    else heading.current?.focus();
  }, [step]);

  return (
    <Page title={t('title')} state={t('state')}>
      <ol className={classes.steps}>
        {STEPS.map((name) => (
          <li key={name} aria-current={name === step ? 'step' : undefined}>
            {t(`step.${name}`)}
          </li>
        ))}
      </ol>
      <h2 className={classes.heading} ref={heading} tabIndex={-1}>
        {t(`heading.${step}`)}
      </h2>
      {step === 'file' && (
        <ImportFile
          onTable={(read) => {
            setTable(read);
            setMapping(guessMapping(read));
            setStep('columns');
          }}
        />
      )}
      {step === 'columns' && table !== null && mapping !== null && (
        <>
          {check.error !== null && <Failed error={check.error} />}
          <ImportColumns
            table={table}
            mapping={mapping}
            fixed={fixed}
            onMapping={setMapping}
            onFixed={setFixed}
            busy={check.isPending}
            onBack={() => setStep('file')}
            onNext={() => {
              run.reset();
              check.mutate({ body: { rows: rows(), dryRun: true } }, { onSuccess: () => setStep('check') });
            }}
          />
        </>
      )}
      {step === 'check' && table !== null && check.data !== undefined && (
        <>
          {run.error !== null && <Failed error={run.error} />}
          <ImportResult
            result={check.data}
            lines={table.lines}
            done={false}
            busy={run.isPending}
            onBack={() => setStep('columns')}
            onImport={() =>
              run.mutate(
                { body: { rows: rows() } },
                {
                  onSuccess: async () => {
                    setStep('done');
                    await queries.invalidateQueries();
                  },
                },
              )
            }
          />
        </>
      )}
      {step === 'done' && table !== null && run.data !== undefined && (
        <ImportResult
          result={run.data}
          lines={table.lines}
          done
          busy={false}
          onBack={() => {
            setTable(null);
            setStep('file');
          }}
        />
      )}
    </Page>
  );
}
