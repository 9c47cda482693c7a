/** Tries by time: how many got there and how many did not, and how long they took. */
import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { ChartFrame } from '../../parts/chart-frame.tsx';
import { Count } from '../../parts/figures.tsx';
import { Empty } from '../../parts/states.tsx';
import classes from './endpoints.module.css';

type Activity = Answer<'/api/v1/endpoints/{id}/activity'>;

/** Bluish green and vermillion of Okabe and Ito: told apart by those who see no red from green. */
const GOOD = '#009e73';
const BAD = '#d55e00';
const MIDDLE = '#0072b2';
const DAY_SECONDS = 86_400;

export function ActivityCharts({ activity }: { activity: Activity }) {
  const t = useTranslations('endpoints.chart');
  const format = useFormatter();
  const { buckets, bucketSeconds } = activity;
  const total = buckets.reduce((sum, bucket) => sum + bucket.succeeded + bucket.failed, 0);
  if (total === 0) return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
  const short = buckets.length * bucketSeconds <= DAY_SECONDS;
  const label = (at: string) =>
    format.dateTime(
      new Date(at),
      short
        ? { hour: '2-digit', minute: '2-digit' }
        : bucketSeconds < DAY_SECONDS
          ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
          : { day: 'numeric', month: 'short' },
    );
  const data = buckets.map((bucket) => ({
    label: label(bucket.at),
    [t('succeeded')]: bucket.succeeded,
    [t('failed')]: bucket.failed,
    [t('p50')]: bucket.p50Ms,
    [t('p95')]: bucket.p95Ms,
  }));
  const length =
    bucketSeconds < 3_600
      ? format.number(bucketSeconds / 60, { style: 'unit', unit: 'minute', unitDisplay: 'long' })
      : bucketSeconds < DAY_SECONDS
        ? format.number(bucketSeconds / 3_600, { style: 'unit', unit: 'hour', unitDisplay: 'long' })
        : format.number(bucketSeconds / DAY_SECONDS, { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const whole = (value: number) => format.number(Math.round(value));
  // Buckets in which nothing happened would only make the tables long.
  const told = buckets.filter(({ succeeded, failed }) => succeeded + failed > 0);
  const milliseconds = (value: number | null) => (value === null ? '–' : whole(value));
  return (
    <div className={classes.charts}>
      <ChartFrame
        title={t('tries')}
        unit={t('triesUnit', { length })}
        summary={t('triesSummary', {
          succeeded: buckets.reduce((sum, { succeeded }) => sum + succeeded, 0),
          failed: buckets.reduce((sum, { failed }) => sum + failed, 0),
        })}
        table={{
          head: [t('time'), t('succeeded'), t('failed')],
          rows: told.map((bucket) => [
            label(bucket.at),
            <Count key="s" value={bucket.succeeded} />,
            <Count key="f" value={bucket.failed} />,
          ]),
        }}
      >
        <BarChart
          h={220}
          data={data}
          dataKey="label"
          type="stacked"
          series={[
            { name: t('succeeded'), color: GOOD },
            { name: t('failed'), color: BAD },
          ]}
          withLegend
          legendProps={{ verticalAlign: 'top', height: 28 }}
          tickLine="y"
          valueFormatter={whole}
          yAxisProps={{ width: 52, allowDecimals: false }}
        />
      </ChartFrame>
      <ChartFrame
        title={t('latency')}
        unit={t('latencyUnit')}
        table={{
          head: [t('time'), t('p50Unit'), t('p95Unit')],
          rows: told.map((bucket) => [label(bucket.at), milliseconds(bucket.p50Ms), milliseconds(bucket.p95Ms)]),
        }}
      >
        <LineChart
          h={220}
          data={data}
          dataKey="label"
          series={[
            { name: t('p50'), color: MIDDLE },
            { name: t('p95'), color: BAD, strokeDasharray: '4 3' },
          ]}
          withLegend
          legendProps={{ verticalAlign: 'top', height: 28 }}
          connectNulls={false}
          curveType="linear"
          valueFormatter={whole}
          yAxisProps={{ width: 60, domain: [0, 'auto'] }}
        />
      </ChartFrame>
    </div>
  );
}
