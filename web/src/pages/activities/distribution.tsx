/** How results spread, in tens of per cent, from zero; the pass mark as a line. */
import { BarChart } from '@mantine/charts';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { ChartFrame } from '../../parts/chart-frame.tsx';
import { Count } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty } from '../../parts/states.tsx';
import { CHART_COLORS, CHART_MARGIN } from '../../theme/theme.ts';
import { BasisNote } from './basis-note.tsx';
import { middleHalf } from './middle-half.ts';

/** For the words under the axis. */
const AXIS_NAME = 30;

type Spread = Answer<'/api/v1/activities/{id}/distribution'>;

export function Distribution({ spread }: { spread: Spread }) {
  const t = useTranslations('activities.distribution');
  const format = useFormatter();
  const { bins, passPercentage } = spread;
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) {
    return (
      <Section title={t('title')}>
        <Empty title={t('empty')}>{t('emptyText')}</Empty>
      </Section>
    );
  }
  const least = Math.min(...bins.map(({ from }) => from));
  const most = Math.max(...bins.map(({ to }) => to));
  const between = middleHalf(bins);
  return (
    <Section title={t('title')} note={<BasisNote basis={spread.basis} />}>
      <ChartFrame
        title={t('count')}
        unit={t('unit')}
        summary={t('summary', { n: all, from: between.from, to: between.to })}
        table={{
          head: [t('axis'), t('count')],
          rows: bins.map((bin) => [t('bin', bin), <Count key="n" value={bin.count} />]),
        }}
      >
        <BarChart
          h={220}
          data={bins.map((bin) => ({
            middle: (bin.from + bin.to) / 2,
            [t('count')]: bin.count,
          }))}
          dataKey="middle"
          series={[{ name: t('count'), color: CHART_COLORS[0] }]}
          barChartProps={{ barCategoryGap: 1, margin: { ...CHART_MARGIN, bottom: AXIS_NAME } }}
          barProps={{ isAnimationActive: false }}
          withBarValueLabel
          valueLabelProps={{
            fill: 'var(--mantine-color-text)',
            // Nothing over an empty bin.
            formatter: (count) => (typeof count === 'number' && count > 0 ? format.number(count) : ''),
          }}
          tickLine="xy"
          xAxisLabel={t('axis')}
          xAxisProps={{
            type: 'number',
            domain: [least, most],
            ticks: [...bins.map(({ from }) => from), most],
            interval: 0,
            tickFormatter: (value: number) => format.number(value),
          }}
          yAxisProps={{ width: 44, allowDecimals: false, domain: [0, 'auto'] }}
          tooltipProps={{ labelFormatter: (middle) => binName(Number(middle)) }}
          referenceLines={
            passPercentage === null
              ? []
              : [
                  {
                    x: passPercentage,
                    label: t('pass', { mark: format.number(passPercentage / 100, { style: 'percent' }) }),
                    labelPosition: passPercentage > (least + most) / 2 ? 'insideTopRight' : 'insideTopLeft',
                    color: 'var(--mantine-color-text)',
                  },
                ]
          }
        />
      </ChartFrame>
    </Section>
  );

  function binName(middle: number): string {
    const bin = bins.find(({ from, to }) => middle >= from && middle < to);
    return bin === undefined ? '' : t('bin', bin);
  }
}
