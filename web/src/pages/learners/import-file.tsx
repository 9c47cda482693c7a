/** First step of an import: a file, or a table pasted from a spreadsheet. */
import { Alert, Button, Code, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './import.module.css';
import { decodeRoster, parseRoster, type RosterTable } from './roster-file.ts';

/** The API takes this many at once. */
const MOST_ROWS = 50_000;

export function ImportFile(props: { onTable(table: RosterTable): void }) {
  const t = useTranslations('learners.import.file');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const read = (roster: string) => {
    const table = parseRoster(roster);
    if (table === null) return setProblem(t('nothing'));
    if (table.rows.length > MOST_ROWS) return setProblem(t('tooMany', { most: MOST_ROWS, count: table.rows.length }));
    setProblem(null);
    props.onTable(table);
  };
  const readFile = async (file: File | null) => {
    if (file === null) return;
    if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) return setProblem(t('spreadsheet', { name: file.name }));
    read(decodeRoster(await file.arrayBuffer()));
  };
  return (
    <Stack gap="md" maw={760}>
      <Text>{t('what')}</Text>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same. */}
      <div
        className={classes.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void readFile(event.dataTransfer.files[0] ?? null);
        }}
      >
        <FileButton
          onChange={(file) => void readFile(file)}
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          inputProps={{ 'aria-label': t('choose') }}
        >
          {(button) => (
            <Button {...button} leftSection={<FileUp size={16} aria-hidden />}>
              {t('choose')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t('drop')}
        </Text>
      </div>
      <Textarea
        label={t('paste')}
        description={t('pasteHelp')}
        autosize
        minRows={5}
        maxRows={14}
        value={text}
        classNames={{ input: 'gw-mono' }}
        placeholder={t('example')}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {problem !== null && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      <Group>
        <Button variant="default" disabled={text.trim() === ''} onClick={() => read(text)}>
          {t('usePasted')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t.rich('columns', { code: (inner) => <Code>{inner}</Code> })}
      </Text>
    </Stack>
  );
}
