/**
 * Colours, type and spacing of the look: ../../shared/look.md. The shades are OKLCH ramps written as sRGB; shade 7 of each
 * state colour reaches 4.5 : 1 on white, shade 4 on the dark ground.
 */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#eef9fa',
  '#daf3f4',
  '#b5e5e8',
  '#88d3d7',
  '#5dbcc1',
  '#30a4aa',
  '#0d9298',
  '#00787d',
  '#006267',
  '#004a4d',
];
const gray: MantineColorsTuple = [
  '#f9fafc',
  '#f1f4f7',
  '#e4e8ec',
  '#d3d8dd',
  '#b2b8bf',
  '#889098',
  '#5f6870',
  '#4b535c',
  '#313941',
  '#1c222a',
];
const dark: MantineColorsTuple = [
  '#e5e8ec',
  '#bfc5ca',
  '#9fa5ad',
  '#828a93',
  '#3c434b',
  '#2c343b',
  '#1f262d',
  '#151a20',
  '#0d1217',
  '#080c10',
];
const amber: MantineColorsTuple = [
  '#fff8ea',
  '#feedc9',
  '#fcd999',
  '#fac463',
  '#f5ae39',
  '#e89719',
  '#d27908',
  '#9a5505',
  '#82470a',
  '#64340c',
];
const red: MantineColorsTuple = [
  '#fff1f0',
  '#ffe3df',
  '#ffc6c1',
  '#ff9e99',
  '#f97772',
  '#e9504d',
  '#d03736',
  '#b12725',
  '#951f1d',
  '#761615',
];
const green: MantineColorsTuple = [
  '#eefbf0',
  '#daf8df',
  '#b9eec2',
  '#8fe1a1',
  '#68ca80',
  '#4eb068',
  '#348f4f',
  '#27713d',
  '#1d5b30',
  '#184525',
];

/** Okabe–Ito's palette in a fixed order: told apart with every kind of colour vision. */
export const CHART_COLORS = ['#0072B2', '#E69F00', '#009E73', '#D55E00', '#CC79A7', '#56B4E9', '#F0E442'] as const;

/** Room over the highest line of a chart: without it the label of that line is moved beside the line. */
export const CHART_MARGIN = { top: 10 } as const;

export const theme = createTheme({
  colors: { teal, gray, dark, amber, red, green },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.5' },
    },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'md', highlightOnHover: true } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    // Without it the first entry has the focus, and a menu holds nothing but its entries.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { returnFocus: true, centered: false } },
    Drawer: { defaultProps: { returnFocus: true, position: 'right' } },
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true } } },
  },
});
