/** The table at the end of `simulate`. */
import { FAULTS, type Fault } from '../simulator/faults.ts';
import type { RefusedRow, Summary } from '../simulator/tally.ts';
import type { Target } from '../simulator/target.ts';
import { columns, grouped, milliseconds, pad, type Style, styled } from './terminal.ts';

interface Line {
  label: string;
  value: string;
  remark?: string;
  style?: Style | null;
  indent?: boolean;
}

/** What `simulate` tells at its end, as lines. */
export function summaryTable(
  summary: Summary,
  about: { target: Target; learners: number; seed: string; start: string },
): string {
  const lines = summaryLines(summary);
  const labelWidth = Math.max(...lines.map((line) => columns(line.label) + (line.indent ? 2 : 0)));
  const valueWidth = Math.max(...lines.map((line) => columns(line.value)));
  const body = lines.map((line) => {
    const label = pad(`${line.indent ? '  ' : ''}${line.label}`, labelWidth);
    const value = pad(line.value, valueWidth, 'right');
    const shownLabel = line.indent ? styled('dim', label) : label;
    const shownValue = line.style ? styled(line.style, value) : value;
    return `  ${shownLabel}  ${shownValue}${line.remark ? `  ${styled(line.style === 'red' ? 'red' : 'dim', line.remark)}` : ''}`.trimEnd();
  });
  const verdict = summary.asExpected
    ? `${styled('green', '✓')} Everything came out as it should.`
    : `${styled('red', '✗')} Something came out other than it should: see the lines marked above.`;
  return [
    `${styled('bold', about.target.adapter.title)} → ${shownUrl(about.target)}`,
    styled('dim', `${grouped(about.learners)} learners, seed ${about.seed}`),
    '',
    ...body,
    '',
    verdict,
    styled('dim', `The same again: add --seed ${about.seed} --start ${about.start}`),
  ].join('\n');
}

function summaryLines(summary: Summary): Line[] {
  const refused = summary.refused.reduce((sum, row) => sum + row.count, 0);
  const refusedWrongly = summary.refused.reduce((sum, row) => sum + row.count - row.expected, 0);
  const failed = summary.failed.reduce((sum, row) => sum + row.count, 0);
  const twice = summary.faults.duplicate ?? 0;
  return [
    {
      label: 'sent',
      value: grouped(summary.sent),
      remark: `in ${summary.seconds} s, ${grouped(Math.round(summary.perSecond))} a second`,
    },
    { label: 'accepted', value: grouped(summary.accepted), style: 'green' },
    {
      label: 'duplicates',
      value: grouped(summary.duplicates),
      remark: twice > 0 ? `${grouped(twice)} sent twice on purpose` : '',
    },
    {
      label: 'refused',
      value: grouped(refused),
      style: refusedWrongly > 0 ? 'red' : null,
      remark:
        refused === 0
          ? ''
          : refusedWrongly === 0
            ? 'all as they should be'
            : `${grouped(refusedWrongly)} though nothing was wrong with them`,
    },
    ...summary.refused.map(reasonLine),
    ...(summary.wronglyAccepted > 0
      ? [
          {
            label: 'wrongly accepted',
            value: grouped(summary.wronglyAccepted),
            style: 'red' as const,
            remark: 'faults that must be refused',
          },
        ]
      : []),
    {
      label: 'failed',
      value: grouped(failed),
      style: failed > 0 ? 'red' : null,
      remark: failed > 0 ? 'given up after the last try' : '',
    },
    ...summary.failed.map(reasonLine),
    { label: 'retried', value: grouped(summary.retried) },
    { label: 'p50', value: milliseconds(summary.p50Ms) },
    { label: 'p99', value: milliseconds(summary.p99Ms) },
  ];
}

function reasonLine(row: RefusedRow): Line {
  const wrong = row.count - row.expected;
  return {
    label: `${row.status === null ? '' : `${row.status} `}${row.reason}`,
    value: grouped(row.count),
    indent: true,
    style: wrong > 0 ? 'red' : null,
    remark: [...faultsOf(row), ...(wrong > 0 ? [`${grouped(wrong)} unexpected`] : [])].join(', '),
  };
}

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  duplicate: 'sent twice',
  reorder: 'out of order',
  tamper: 'tampered with',
  late: 'signed long ago',
  malformed: 'cut off',
};

function faultsOf(row: RefusedRow): string[] {
  return FAULTS.flatMap((fault) => {
    const n = row.faults[fault];
    return n === undefined ? [] : [`${grouped(n)} ${FAULT_WORDS[fault]}`];
  });
}

/** Without the token: tables get pasted into tickets. */
function shownUrl(target: Target): string {
  if (!target.adapter.needs.urlToken) return target.url.href;
  return target.url.href.replace(/[^/?]+(\?.*)?$/, '…$1');
}
