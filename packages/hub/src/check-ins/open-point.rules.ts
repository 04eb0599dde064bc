import type { openPointStatuses } from '@plumbline/connector';
import type { Refusal } from '../kernel/guards.ts';

/** What stands open until somebody settles it. */
export const openPointKinds = ['obstacle', 'closeNeed'] as const;
export type OpenPointKind = (typeof openPointKinds)[number];
export type OpenPointStatus = (typeof openPointStatuses)[number];

export type OpenPointStep = 'ASSIGN' | 'RESOLVE' | 'ACCEPT';

/** What the person who acts brings along. */
export interface OpenPointBrought {
  outcome?: string | null | undefined;
  ownerId?: string | null | undefined;
  due?: string | null | undefined;
}

/** What the guards look at. */
interface OpenPointSubject {
  status: OpenPointStatus;
  ownerId: string | null;
}

type Guard = (subject: OpenPointSubject, brought: OpenPointBrought) => Refusal | null;

const transitions: Readonly<Record<OpenPointStep, { to: OpenPointStatus; guards: readonly Guard[] }>> = {
  ASSIGN: { to: 'OPEN', guards: [assignment] },
  RESOLVE: { to: 'RESOLVED', guards: [] },
  ACCEPT: { to: 'ACCEPTED', guards: [reason, answerable] },
};

/** Takes a step, or says which guard refuses it: all of them begin at OPEN. Pure. */
export function takeOpenPointStep(
  step: OpenPointStep,
  { subject, brought }: { subject: OpenPointSubject; brought: OpenPointBrought },
): { to: OpenPointStatus } | Refusal {
  if (subject.status !== 'OPEN')
    return {
      guard: 'state',
      message: `It is ${subject.status}; ${step} goes from OPEN.`,
      remedy: 'Raise a new one if it came back.',
    };
  const { to, guards } = transitions[step];
  for (const guard of guards) {
    const refusal = guard(subject, brought);
    if (refusal) return refusal;
  }
  return { to };
}

/** Whole days it has been open at an instant, or was until it was closed; null where nobody knows since when. Pure. */
export function ageInDays(point: { raisedAt: string | null; closedAt: string | null }, now: string): number | null {
  if (point.raisedAt === null) return null;
  const end = point.closedAt ?? now;
  const hours = Temporal.Instant.from(point.raisedAt).until(end, { largestUnit: 'hours' }).hours;
  return Math.max(0, Math.floor(hours / 24));
}

/** Whether it is open beyond its day, which ends in UTC. Pure. */
export function isOverdue(point: { status: string | null; due: string | null }, today: string): boolean {
  return (point.status ?? 'OPEN') === 'OPEN' && point.due !== null && point.due < today;
}

function assignment(_: OpenPointSubject, { ownerId, due }: OpenPointBrought): Refusal | null {
  if (ownerId || due) return null;
  return {
    guard: 'assignment',
    message: 'It says neither an owner nor a day.',
    remedy: 'Give `owner`, `due` or both.',
  };
}

function reason(_: OpenPointSubject, { outcome }: OpenPointBrought): Refusal | null {
  if (outcome?.trim()) return null;
  return { guard: 'reason', message: 'There is no reason to live with it.', remedy: 'Say why, in `outcome`.' };
}

function answerable({ ownerId }: OpenPointSubject, brought: OpenPointBrought): Refusal | null {
  if (ownerId || brought.ownerId) return null;
  return { guard: 'owner', message: 'Nobody answers for it.', remedy: 'Name who does, in `owner`.' };
}
