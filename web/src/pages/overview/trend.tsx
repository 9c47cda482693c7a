/** Completed attempts and averages by day; ranges over 100 days by week, so that bars stay readable. */
import { BarChart, LineChart } from '@mantine/charts';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { ChartFrame } from '../../parts/chart-frame.tsx';
import { Count, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty } from '../../parts/states.tsx';
import type { RangeName } from '../../shell/filters.ts';
import { CHART_COLORS, CHART_MARGIN } from '../../theme/theme.ts';
import classes from './overview.module.css';
import { trendPoints } from './trend-points.ts';

type Day = Answer<'/api/v1/overview'>['trend'][number];

export function Trend(props: { trend: readonly Day[]; range: RangeName }) {
  const t = useTranslations('overview.trend');
  const format = useFormatter();
  const { points, weekly } = trendPoints(props.trend);
  const label = (date: string) => format.dateTime(new Date(`${date}T12:00:00`), { day: 'numeric', month: 'short' });
  const data = points.map((point) => ({
    label: label(point.date),
    [t('completed')]: point.completed,
    [t('average')]: point.average,
  }));
  const head = (last: string) => [t('date'), last];
  return (
    <Section title={t('title')}>
      {points.length === 0 ? (
        <Empty title={t('empty')}>{t('emptyText')}</Empty>
      ) : (
        <div className={classes.charts}>
          <ChartFrame
            title={t('completed')}
            unit={weekly ? t('weekly') : t('completedUnit')}
            table={{
              head: head(t('completed')),
              rows: points.map((p) => [label(p.date), <Count key="n" value={p.completed} />]),
            }}
          >
            <BarChart
              h={200}
              data={data}
              dataKey="label"
              series={[{ name: t('completed'), color: CHART_COLORS[0] }]}
              tickLine="y"
              withTooltip
              barChartProps={{ margin: CHART_MARGIN }}
              yAxisProps={{ width: 44, allowDecimals: false }}
            />
          </ChartFrame>
          <ChartFrame
            title={t('average')}
            unit={weekly ? t('weeklyAverage') : t('averageUnit')}
            table={{
              head: head(t('average')),
              rows: points.map((p) => [label(p.date), <Percent key="p" value={p.average} />]),
            }}
          >
            <LineChart
              h={200}
              data={data}
              dataKey="label"
              series={[{ name: t('average'), color: CHART_COLORS[3] }]}
              connectNulls={false}
              curveType="linear"
              withDots={points.length < 60}
              lineChartProps={{ margin: CHART_MARGIN }}
              valueFormatter={(value) => format.number(value / 100, { style: 'percent', maximumFractionDigits: 1 })}
              yAxisProps={{ width: 52, domain: [(least: number) => Math.min(0, least), 100] }}
            />
          </ChartFrame>
        </div>
      )}
    </Section>
  );
}
