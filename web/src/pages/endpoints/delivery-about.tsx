/** Whom and what the event of a delivery is about, with links. */
import { useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';
import { TextLink } from '../../parts/text-link.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';

type Delivery = Item<'/api/v1/deliveries'>;

export function DeliveryAbout({ delivery }: { delivery: Delivery }) {
  const t = useTranslations('endpoints.delivery');
  const nameOf = useLearnerName();
  const { learner, activity, attemptId } = delivery;
  // Of an example everybody is made up: there is no page of them.
  if (delivery.test) return <>{t('example')}</>;
  if (learner === null && activity === null) return <>{t('nobody')}</>;
  const title = activity === null ? null : (activity.title ?? t('untitled'));
  return (
    <>
      {learner !== null && (
        <TextLink to="/learners/$id" params={{ id: learner.id }}>
          {nameOf(learner)}
        </TextLink>
      )}
      {learner !== null && title !== null && ' · '}
      {title !== null &&
        (attemptId === null ? (
          title
        ) : (
          <TextLink to="/attempts/$id" params={{ id: attemptId }}>
            {title}
          </TextLink>
        ))}
    </>
  );
}
