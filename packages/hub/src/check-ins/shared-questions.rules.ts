import type { OpenPoint } from './open-points.store.ts';
import type { LatestViews } from './opportunity-view.store.ts';
import type { Subject } from './subject.ts';
import { isOverdue } from './open-point.rules.ts';
import { ask, quoted, type Question } from './question.rules.ts';

/** Obstacles beyond their day, and needs that nobody sees to. Pure. */
export function pointQuestions(subject: Subject, points: readonly OpenPoint[], today: string): Question[] {
  const late = points.filter(({ kind, due }) => kind === 'obstacle' && isOverdue({ status: 'OPEN', due }, today));
  const unowned = points.filter((point) => point.kind === 'closeNeed' && point.owner_id === null);
  return [...lateQuestion(subject, late), ...unownedQuestion(subject, unowned)];
}

function lateQuestion(subject: Subject, late: readonly OpenPoint[]): Question[] {
  const [first] = late;
  if (!first) return [];
  const text =
    late.length === 1
      ? `The obstacle ${titleOf(first)} was to be settled by ${first.due}: what does it wait for?`
      : `${late.length} obstacles are overdue, ${titleOf(first)} since ${first.due}: what do they wait for?`;
  return [ask(subject, { rule: 'OBSTACLE_OVERDUE', text, rows: late.map(rowOf) })];
}

function unownedQuestion(subject: Subject, unowned: readonly OpenPoint[]): Question[] {
  const [first] = unowned;
  if (!first) return [];
  const text =
    unowned.length === 1
      ? `${titleOf(first)} is needed to close, and nobody sees to it: who does?`
      : `${unowned.length} things are needed to close that nobody sees to, such as ${titleOf(first)}: who does?`;
  return [ask(subject, { rule: 'NEED_WITHOUT_OWNER', text, rows: unowned.map(rowOf) })];
}

/** What would help, as the latest view of each side says; a newer view that asks for nothing takes it back. Pure. */
export function helpQuestions(subject: Subject, { views }: Pick<LatestViews, 'views'>): Question[] {
  return Object.values(views).flatMap(({ help_wanted: wanted }) =>
    wanted === null
      ? []
      : [ask(subject, { rule: 'HELP_WANTED', text: `Help is wanted: ${quoted(wanted)}. Who gives it?` })],
  );
}

/** That nobody has said lately how they see it. `seen` is of when the latest view speaks. Pure. */
export function viewQuestion(
  subject: Subject,
  { seen, now, viewDays, who }: { seen: string | null; now: string; viewDays: number; who: string },
): Question[] {
  const asked = (text: string) => [ask(subject, { rule: 'NO_VIEW', text })];
  if (seen === null) return asked(`Nobody has said how they see it: what does ${who} think?`);
  const days = wholeDays(seen, now);
  return days < viewDays ? [] : asked(`The latest view is ${days} days old: does it still hold?`);
}

/** Whole days of 24 hours from one instant to another. */
export function wholeDays(from: string, to: string): number {
  return Math.floor(Temporal.Instant.from(from).until(to, { largestUnit: 'hours' }).hours / 24);
}

function titleOf({ title }: OpenPoint): string {
  return quoted(title ?? 'without a title');
}

function rowOf({ kind, id }: OpenPoint) {
  return { kind, id };
}
