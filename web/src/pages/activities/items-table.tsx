/** The questions as a table; a row opens its details. */
import { Badge, Group, Table, Text, UnstyledButton } from '@mantine/core';
import { Check, ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Count, Percent } from '../../parts/figures.tsx';
import { type Order, SortHead } from '../../parts/sort-head.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import { ItemDetails } from './item-details.tsx';
import { type ActivityItem, type ItemSort, sortItems } from './item-sort.ts';
import classes from './items.module.css';
import { Separation } from './separation.tsx';

/** More stand in the details. */
const SHOWN_CHOICES = 3;

export function ItemsTable(props: {
  items: readonly ActivityItem[];
  /** The activity and what the page is narrowed to, for explain. */
  asked: Partial<FigureRequest>;
  /** The question whose details are open. */
  open: string | null;
  onOpen(questionId: string | null): void;
  /** null: may not. */
  onEdit: ((item: ActivityItem) => void) | null;
}) {
  const t = useTranslations('activities.items');
  const [sort, setSort] = useState<{ by: ItemSort; order: Order }>({ by: 'question', order: 'asc' });
  const head = (by: ItemSort) => ({
    order: sort.by === by ? sort.order : null,
    onSort: () => setSort({ by, order: sort.by === by && sort.order === 'asc' ? 'desc' : 'asc' }),
  });
  const numbers = new Map(props.items.map((item, index) => [item.questionId, index + 1]));
  return (
    <>
      <TableRegion label={t('title')}>
        <Table className={classes.items}>
          <Table.Thead>
            <Table.Tr>
              <SortHead {...head('question')}>{t('question')}</SortHead>
              <SortHead {...head('answered')} right>
                {t('answered')}
              </SortHead>
              <SortHead {...head('facility')} right>
                {t('facility')}
              </SortHead>
              <SortHead {...head('discrimination')} right>
                {t('discrimination')}
              </SortHead>
              <Table.Th scope="col">{t('choices')}</Table.Th>
              <Table.Th scope="col">{t('topics')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sortItems(props.items, sort.by, sort.order).map((item) => {
              const open = item.questionId === props.open;
              return (
                <Fragment key={item.questionId}>
                  <ItemRow
                    item={item}
                    number={numbers.get(item.questionId) ?? 0}
                    asked={props.asked}
                    open={open}
                    mayTell={props.onEdit !== null}
                    onToggle={() => props.onOpen(open ? null : item.questionId)}
                  />
                  {open && (
                    <Table.Tr className={classes.details}>
                      <Table.Td colSpan={6}>
                        <ItemDetails item={item} onEdit={props.onEdit} />
                      </Table.Td>
                    </Table.Tr>
                  )}
                </Fragment>
              );
            })}
          </Table.Tbody>
        </Table>
      </TableRegion>
      <Text size="sm" c="dimmed" mt="sm" maw={860}>
        {t('discriminationHelp')}
      </Text>
    </>
  );
}

function ItemRow(props: {
  item: ActivityItem;
  number: number;
  asked: Partial<FigureRequest>;
  open: boolean;
  mayTell: boolean;
  onToggle(): void;
}) {
  const t = useTranslations('activities.items');
  const { item, number, asked, open } = props;
  const figure = { ...asked, question: item.questionId };
  const name = item.text ?? item.questionId;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} className={classes.question}>
        <UnstyledButton aria-expanded={open} onClick={props.onToggle} className={classes.opener}>
          {open ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
          <span className={classes.text}>
            <Text span c="dimmed" size="sm">
              {number}.
            </Text>{' '}
            {item.text ?? <span className="gw-mono">{item.questionId}</span>}
            {item.text === null && (
              <Text span display="block" size="xs" c="dimmed">
                {t(props.mayTell ? 'noText' : 'noTextPlain')}
              </Text>
            )}
          </span>
        </UnstyledButton>
      </Table.Th>
      <Table.Td ta="right">
        <Count value={item.answered} />
      </Table.Td>
      <Table.Td ta="right">
        {item.facility === null ? (
          <Percent value={null} />
        ) : (
          <Explainable figure={{ ...figure, figure: 'item.facility' }} name={t('facilityOf', { name })}>
            <Percent value={100 * item.facility} digits={0} />
          </Explainable>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Separation item={item} figure={{ ...figure, figure: 'item.discrimination' }} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          {item.choices.slice(0, SHOWN_CHOICES).map((choice) => (
            <span key={choice.answerId} className={classes.choice} title={choice.text ?? choice.answerId}>
              <span className={classes.choiceName}>{choice.text ?? choice.answerId}</span>
              <Count value={choice.count} />
              {choice.correct === true && (
                <Check size={14} aria-label={t('right')} role="img" color="var(--gw-good)" strokeWidth={3} />
              )}
            </span>
          ))}
          {item.choices.length > SHOWN_CHOICES && (
            <Text span size="xs" c="dimmed" className={classes.nowrap}>
              {t('more', { count: item.choices.length - SHOWN_CHOICES })}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" miw={120}>
          {item.topics.map((topic) => (
            <Badge key={topic} variant="light" color="gray" tt="none" fw={500} flex="none">
              {topic}
            </Badge>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
