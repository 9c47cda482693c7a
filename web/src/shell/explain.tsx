/** "Explain this number": every figure opens what it is made of, in a drawer that is loaded when it is first opened. */
import { VisuallyHidden } from '@mantine/core';
import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { paths } from '../api/schema.generated.ts';
import { AllTexts } from '../i18n/language.tsx';
import classes from './explain.module.css';

/** What GET /explain takes: the figure's name and what it is narrowed to. */
export type FigureRequest = NonNullable<paths['/api/v1/explain']['get']['parameters']['query']>;

interface Explain {
  open(request: FigureRequest, name: string): void;
}

const ExplainContext = createContext<Explain>({ open() {} });
const ExplainDrawer = lazy(() => import('../pages/explain/explain-drawer.tsx'));

export function ExplainProvider(props: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ request: FigureRequest; name: string } | null>(null);
  const explain = useMemo<Explain>(() => ({ open: (request, name) => setAsked({ request, name }) }), []);
  return (
    <ExplainContext value={explain}>
      {props.children}
      {asked !== null && (
        <Suspense fallback={null}>
          <AllTexts>
            <ExplainDrawer request={asked.request} name={asked.name} onClose={() => setAsked(null)} />
          </AllTexts>
        </Suspense>
      )}
    </ExplainContext>
  );
}

/** A figure that can be asked what it is made of. `name`: what the figure is called, for screen readers. */
export function Explainable(props: { figure: FigureRequest; name: string; children: ReactNode }) {
  const t = useTranslations('common.figure');
  const { open } = useContext(ExplainContext);
  return (
    <button
      type="button"
      className={classes.figure}
      aria-haspopup="dialog"
      onClick={() => open(props.figure, props.name)}
    >
      {props.children}
      <VisuallyHidden> {t('explain', { name: props.name })}</VisuallyHidden>
    </button>
  );
}
