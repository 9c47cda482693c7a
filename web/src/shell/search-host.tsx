/** Listens for Ctrl/Cmd+K and loads the search when it is first wanted: it is not part of the first load. */
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useState } from 'react';
import { onOpenSearch, openSearch } from './search-store.ts';

const Search = lazy(() => import('./search.tsx'));

export function SearchHost() {
  const [opened, setOpened] = useState(0);
  useHotkeys([['mod+K', openSearch]], []);
  useEffect(() => onOpenSearch(() => setOpened((times) => times + 1)), []);
  // A new key opens it anew.
  return opened === 0 ? null : (
    <Suspense fallback={null}>
      <Search key={opened} />
    </Suspense>
  );
}
