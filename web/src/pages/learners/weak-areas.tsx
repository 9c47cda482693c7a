/** What a learner is weak in, in sentences, with the interval drawn as an interval. */
import { Button, Text } from '@mantine/core';
import { CircleCheck, CircleDashed, CircleHelp, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { useAreaKind } from '../../parts/area-kind.ts';
import { Interval } from '../../parts/interval.tsx';
import { Section } from '../../parts/page.tsx';
import { Explainable } from '../../shell/explain.tsx';
import type { Narrowed } from './use-narrowed.ts';
import classes from './weak-areas.module.css';

type Area = Answer<'/api/v1/learners/{id}/progress'>['weakAreas'][number];

const STATUSES = {
  weak: { icon: TriangleAlert, color: 'var(--gw-attention)' },
  unclear: { icon: CircleHelp, color: 'var(--gw-muted)' },
  strong: { icon: CircleCheck, color: 'var(--gw-good)' },
  insufficient: { icon: CircleDashed, color: 'var(--gw-muted)' },
} as const;

/** So many answers leave an interval so wide that it must be said. */
const FEW_ANSWERS = 30;
export function WeakAreas(props: { areas: Area[]; learner: string; narrowed: Narrowed }) {
  const t = useTranslations('learners.weak');
  const [all, setAll] = useState(false);
  const list = useId();
  const weak = props.areas.filter(({ status }) => status === 'weak');
  const shown = all ? props.areas : weak;
  return (
    <Section title={t('title')} note={props.areas.length > 0 ? t('note') : undefined}>
      {props.areas.length === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <>
          {weak.length === 0 && <Text mb="sm">{t('noWeak', { count: props.areas.length })}</Text>}
          <ul className={classes.list} id={list}>
            {shown.map((area) => (
              <AreaRow
                key={`${area.kind} ${area.parent ?? ''} ${area.name}`}
                area={area}
                learner={props.learner}
                narrowed={props.narrowed}
              />
            ))}
          </ul>
          {props.areas.length > weak.length && (
            <Button
              mt="sm"
              className="gw-screen-only"
              variant="subtle"
              size="compact-sm"
              aria-expanded={all}
              aria-controls={list}
              onClick={() => setAll(!all)}
            >
              {all ? t('fewer') : t('all', { count: props.areas.length })}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

function AreaRow({ area, learner, narrowed }: { area: Area; learner: string; narrowed: Narrowed }) {
  const t = useTranslations('learners.weak');
  const sentence = useAreaSentence();
  const { icon: Icon, color } = STATUSES[area.status];
  const kindOf = useAreaKind();
  return (
    <li className={classes.row}>
      <div>
        <Text fw={600} component="span">
          {area.name}
        </Text>{' '}
        <Text size="sm" c="dimmed" component="span">
          {kindOf(area.kind)}
          {area.parent !== null && ` · ${area.parent}`}
        </Text>
        <Text size="sm">{sentence(area)}</Text>
      </div>
      <div className={classes.drawn}>
        <Interval
          rate={area.rate}
          lower={area.lowerBound}
          upper={area.upperBound}
          baseline={area.baseline}
          weak={area.status === 'weak'}
        />
      </div>
      <div className={classes.status}>
        <span className={classes.mark}>
          <Icon size={14} aria-hidden color={color} />
          {t(`status.${area.status}`)}
        </span>
        <Explainable
          figure={{
            figure: 'learner.weakArea',
            learner,
            area: area.name,
            kind: area.kind,
            ...(area.parent === null ? {} : { parent: area.parent }),
            ...narrowed,
          }}
          name={t('shareOf', { area: area.name })}
        >
          <Text size="sm" c="dimmed" component="span">
            {t('n', { n: area.total })}
          </Text>
        </Explainable>
      </div>
    </li>
  );
}

/** "Wrong in 8 of 10 answers; the class: 3 of 10. With that few answers it could be between 49 % and 94 %." */
function useAreaSentence(): (area: Area) => string {
  const t = useTranslations('learners.weak');
  const format = useFormatter();
  const percent = (share: number) => format.number(share, { style: 'percent', maximumFractionDigits: 0 });
  return (area) => {
    const wrong = t('wrong', { incorrect: area.incorrect, total: area.total });
    // As many of so many: what the others' share would make of the same number of answers.
    const others = t(area.baselineOf, { expected: Math.round(area.baseline * area.total), total: area.total });
    const sure =
      area.status === 'insufficient'
        ? t('insufficient')
        : t(area.total < FEW_ANSWERS ? 'few' : 'many', {
            low: percent(area.lowerBound),
            high: percent(area.upperBound),
          });
    const open = area.unanswered > 0 ? [t('unanswered', { count: area.unanswered })] : [];
    return [`${wrong}; ${others}.`, ...open, sure].join(' ');
  };
}
