/** Where activities are searched for. */
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 250;

/** Keeps what is typed for itself, so that typing is never behind; tells after a pause. */
export function ActivitySearchBox(props: { initial: string; onSearch(text: string | undefined): void }) {
  const t = useTranslations('activities.list');
  const [text, setText] = useState(props.initial);
  const tell = useDebouncedCallback((next: string) => {
    const trimmed = next.trim();
    props.onSearch(trimmed === '' ? undefined : trimmed);
  }, PAUSE_MS);
  const change = (next: string) => {
    setText(next);
    tell(next);
  };
  return (
    <TextInput
      type="search"
      w={{ base: '100%', xs: 340 }}
      maxLength={200}
      aria-label={t('search')}
      placeholder={t('searchHint')}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={t('clear')} onClick={() => change('')} />}
    />
  );
}
