/** Members: people with an account who belong to a workspace. */
import type { Uuid } from '../core/ids.ts';

/** Roles people can have; `integration` is for programs, which have keys. */
export const MEMBER_ROLES = ['admin', 'instructor', 'learner'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** What a member or an invitation is limited to. */
export interface MemberLimits {
  role: MemberRole;
  learnerId: Uuid | null;
  /** null: everyone in the workspace. */
  cohorts: Uuid[] | null;
}

/** E-mail addresses are compared in this form. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
