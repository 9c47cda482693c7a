/** Pages that are loaded when they are first opened, together with the texts of all but the first page. */
import { lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { AllTexts } from './i18n/language.tsx';
import { loadMore, preferredLocale } from './i18n/locale.ts';

export function lazyPage<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazyRouteComponent(async () => {
    const [page] = await Promise.all([load(), loadMore(preferredLocale())]);
    const Page: ComponentType = page[name];
    return {
      default: () => (
        <AllTexts>
          <Page />
        </AllTexts>
      ),
    };
  });
}
