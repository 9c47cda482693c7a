/** Presenter mode: names are hidden on every page, for a projector. Kept for the visit, so that a reload shows no names. */
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';

const STORED = 'gradewire.presenter';

interface Presenter {
  on: boolean;
  setOn(on: boolean): void;
}

const PresenterContext = createContext<Presenter>({ on: false, setOn() {} });

export function usePresenter(): Presenter {
  return useContext(PresenterContext);
}

export function PresenterProvider(props: { children: ReactNode }) {
  const [on, setOn] = useState(() => sessionStorage.getItem(STORED) === 'on');
  const value = useMemo(
    () => ({
      on,
      setOn(next: boolean) {
        sessionStorage.setItem(STORED, next ? 'on' : 'off');
        setOn(next);
      },
    }),
    [on],
  );
  return <PresenterContext value={value}>{props.children}</PresenterContext>;
}

/**
 * How a learner is called on screen: the name, else a short form of the id; in presenter mode a number that is the same for
 * the same person as long as the mode is on, and tells nothing else.
 */
export function useLearnerName(): (learner: { id: string; name: string | null }) => string {
  const { on } = usePresenter();
  const t = useTranslations('common');
  return (learner) => {
    if (on) return t('learnerNumber', { number: numberOf(learner.id) });
    return learner.name ?? `${t('nobody')} (${learner.id.slice(-6)})`;
  };
}

const numbers = new Map<string, number>();

function numberOf(id: string): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size + 1);
  return numbers.size;
}
