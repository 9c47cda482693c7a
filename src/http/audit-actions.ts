/**
 * What the audit log records, for every route under /api: all that changes something, and all that shows personal data.
 * test/integration/accounts-audit.test.ts fails when a route is missing here.
 */

export interface AuditAction {
  /** The thing, a dot, the verb. */
  action: string;
  /** What it is about. Its id is the path's `:id` (or `param`), or that of the answer where the path has none. */
  target?: string;
  param?: string;
  /** Fields of the answer that are kept: counts. */
  told?: readonly string[];
  /** A stream ends when its reader leaves; it is recorded when it begins. */
  when?: 'start';
}

/** null: nothing, because it shows no personal data and changes nothing, or is recorded where it happens. */
export const AUDIT_ACTIONS: Readonly<Record<string, AuditAction | null>> = {
  // Sessions begin in many ways; src/accounts/auth.ts records each.
  'POST /api/auth/sign-in/email': null,
  'POST /api/auth/sign-in/social': null,
  'GET /api/auth/callback/oidc': null,
  'GET /api/auth/get-session': null,
  'POST /api/auth/request-password-reset': null,
  'POST /api/auth/reset-password': null,
  'POST /api/auth/sign-out': { action: 'session.end' },
  'POST /api/auth/change-password': { action: 'password.change' },
  'POST /api/auth/update-user': { action: 'account.change' },

  'GET /api/v1/sign-in-options': null,
  'GET /api/v1/me': null,
  'GET /api/v1/event-types': null,
  'GET /api/v1/workspace': null,
  'GET /api/v1/workspaces': null,
  'PATCH /api/v1/workspace': { action: 'workspace.change' },

  'POST /api/v1/setup': { action: 'member.setup' },
  'GET /api/v1/sessions': null,
  'DELETE /api/v1/sessions/:id': { action: 'session.revoke', target: 'session' },
  'GET /api/v1/members': { action: 'member.list' },
  'PATCH /api/v1/members/:id': { action: 'member.change', target: 'member' },
  'DELETE /api/v1/members/:id': { action: 'member.remove', target: 'member' },
  'POST /api/v1/members/:id/password-link': { action: 'member.password_link', target: 'member' },
  'GET /api/v1/members/invitations': { action: 'invitation.list' },
  'POST /api/v1/members/invitations': { action: 'invitation.create', target: 'invitation', told: ['role', 'mailed'] },
  'DELETE /api/v1/members/invitations/:id': { action: 'invitation.withdraw', target: 'invitation' },
  'GET /api/v1/invitations/:token': null,
  'POST /api/v1/invitations/:token/accept': { action: 'invitation.accept' },
  'GET /api/v1/audit': { action: 'audit.list' },

  'GET /api/v1/keys': { action: 'key.list' },
  'POST /api/v1/keys': { action: 'key.create', target: 'key', told: ['name', 'role'] },
  'DELETE /api/v1/keys/:id': { action: 'key.revoke', target: 'key' },
  'POST /api/v1/tickets': { action: 'ticket.create' },

  'GET /api/v1/sources': { action: 'source.list' },
  'POST /api/v1/sources': { action: 'source.create', target: 'source', told: ['provider', 'slug'] },
  'GET /api/v1/sources/:id': { action: 'source.read', target: 'source' },
  'PATCH /api/v1/sources/:id': { action: 'source.change', target: 'source' },
  'DELETE /api/v1/sources/:id': { action: 'source.remove', target: 'source' },
  'POST /api/v1/sources/:id/rotate': { action: 'source.rotate', target: 'source' },
  'POST /api/v1/sources/:id/test': { action: 'source.test', target: 'source' },
  'GET /api/v1/sources/:id/health': null,
  'GET /api/v1/sources/:id/watch': { action: 'source.watch', target: 'source', when: 'start' },

  'GET /api/v1/receipts': { action: 'receipt.list' },
  'GET /api/v1/receipts/:id': { action: 'receipt.read', target: 'receipt' },
  'POST /api/v1/receipts/:id/replay': { action: 'receipt.replay', target: 'receipt' },
  'POST /api/v1/receipts/replay': { action: 'receipt.replay_many', told: ['count'] },
  'GET /api/v1/rejections': { action: 'rejection.list' },
  'GET /api/v1/events': { action: 'event.list' },
  // Their counts are asked for every two seconds while their pages are open.
  'GET /api/v1/endpoints': null,
  'POST /api/v1/endpoints': { action: 'endpoint.create', target: 'endpoint', told: ['kind'] },
  'GET /api/v1/endpoints/:id': null,
  'PATCH /api/v1/endpoints/:id': { action: 'endpoint.change', target: 'endpoint' },
  'DELETE /api/v1/endpoints/:id': { action: 'endpoint.remove', target: 'endpoint' },
  'GET /api/v1/endpoints/:id/secret': { action: 'endpoint.show_secret', target: 'endpoint' },
  'POST /api/v1/endpoints/:id/secret/rotate': { action: 'endpoint.rotate', target: 'endpoint' },
  'POST /api/v1/endpoints/:id/enable': { action: 'endpoint.enable', target: 'endpoint' },
  'POST /api/v1/endpoints/:id/disable': { action: 'endpoint.disable', target: 'endpoint' },
  'POST /api/v1/endpoints/preview': { action: 'endpoint.preview' },
  'POST /api/v1/endpoints/:id/test': { action: 'endpoint.test', target: 'endpoint', told: ['deliveryId'] },
  'POST /api/v1/endpoints/:id/recover': { action: 'endpoint.recover', target: 'endpoint', told: ['count'] },
  'POST /api/v1/endpoints/:id/backfill': { action: 'endpoint.backfill', target: 'endpoint', told: ['count'] },
  'GET /api/v1/endpoints/:id/activity': null,
  'GET /api/v1/deliveries': { action: 'delivery.list' },
  'GET /api/v1/deliveries/:id': { action: 'delivery.read', target: 'delivery' },
  'POST /api/v1/deliveries/:id/retry': { action: 'delivery.retry', target: 'delivery' },
  'POST /api/v1/deliveries/:id/skip': { action: 'delivery.skip', target: 'delivery' },
  'GET /api/v1/live': { action: 'live.open', when: 'start' },

  'GET /api/v1/learners': { action: 'learner.list' },
  'GET /api/v1/learners/lookup': { action: 'learner.lookup', target: 'learner' },
  'GET /api/v1/learners/:id': { action: 'learner.read', target: 'learner' },
  'PATCH /api/v1/learners/:id': { action: 'learner.change', target: 'learner' },
  'DELETE /api/v1/learners/:id': { action: 'learner.erase', target: 'learner' },
  'GET /api/v1/learners/:id/progress': { action: 'learner.progress', target: 'learner' },
  'GET /api/v1/learners/:id/receipts': { action: 'learner.receipts', target: 'learner' },
  'GET /api/v1/learners/:id/export': { action: 'learner.export', target: 'learner' },
  'POST /api/v1/learners/:id/merge': { action: 'learner.merge', target: 'learner', told: ['id'] },
  'POST /api/v1/learners/:id/unmerge': { action: 'learner.unmerge', target: 'learner' },
  'GET /api/v1/learners/suggestions': { action: 'suggestion.list' },
  'POST /api/v1/learners/suggestions/:id/dismiss': { action: 'suggestion.dismiss', target: 'suggestion' },
  'POST /api/v1/learners/import': { action: 'learner.import', told: ['total', 'created', 'updated'] },
  'GET /api/students/:userId/progress': { action: 'learner.progress', target: 'student', param: 'userId' },
  'GET /api/students/:userId/progress/stream': {
    action: 'live.open',
    target: 'student',
    param: 'userId',
    when: 'start',
  },

  'GET /api/v1/attempts': { action: 'attempt.list' },
  'GET /api/v1/attempts/:id': { action: 'attempt.read', target: 'attempt' },
  'POST /api/v1/attempts/:id/confirm': { action: 'attempt.confirm', target: 'attempt' },
  'GET /api/v1/export/attempts': { action: 'attempt.export' },
  'GET /api/v1/running': { action: 'attempt.list_running' },

  'GET /api/v1/activities': null,
  'GET /api/v1/activities/:id': null,
  'PATCH /api/v1/activities/:id': { action: 'activity.change', target: 'activity' },
  'GET /api/v1/activities/:id/receipts': { action: 'activity.receipts', target: 'activity' },
  'GET /api/v1/activities/:id/items': null,
  'PUT /api/v1/activities/:id/items': { action: 'activity.items', target: 'activity' },
  'GET /api/v1/activities/:id/distribution': null,
  'GET /api/v1/activities/:id/funnel': null,
  'GET /api/v1/activities/:id/trend': null,
  'GET /api/v1/activities/:id/grid': { action: 'activity.grid', target: 'activity' },
  'GET /api/v1/overview': null,
  'GET /api/v1/explain': { action: 'figure.explain' },

  'GET /api/v1/attention': { action: 'flag.list' },
  'POST /api/v1/attention/:id/acknowledge': { action: 'flag.acknowledge', target: 'flag' },
  'POST /api/v1/attention/:id/snooze': { action: 'flag.snooze', target: 'flag' },
  'POST /api/v1/attention/:id/reopen': { action: 'flag.reopen', target: 'flag' },

  'GET /api/v1/cohorts': null,
  'POST /api/v1/cohorts': { action: 'cohort.create', target: 'cohort', told: ['name'] },
  'POST /api/v1/cohorts/preview': { action: 'cohort.preview', told: ['count'] },
  'GET /api/v1/cohorts/:id': null,
  'PATCH /api/v1/cohorts/:id': { action: 'cohort.change', target: 'cohort' },
  'DELETE /api/v1/cohorts/:id': { action: 'cohort.remove', target: 'cohort' },
  'GET /api/v1/cohorts/:id/members': { action: 'cohort.members', target: 'cohort' },
  'POST /api/v1/cohorts/:id/members': { action: 'cohort.add', target: 'cohort', told: ['added'] },
  'DELETE /api/v1/cohorts/:id/members/:learnerId': { action: 'cohort.take_out', target: 'cohort' },
};

/** What is recorded of a route; null: nothing; undefined: nobody has decided. HEAD reads what GET reads. */
export function auditAction(method: string, url: string | undefined): AuditAction | null | undefined {
  return AUDIT_ACTIONS[`${method === 'HEAD' ? 'GET' : method} ${url ?? ''}`];
}
