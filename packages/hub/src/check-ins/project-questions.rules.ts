import type { EarlyWarning, WarningCode } from '../reports/early-warning.rules.ts';
import type { CheckInSettings } from './check-ins.settings.ts';
import type { OpenPoint } from './open-points.store.ts';
import type { LatestViews } from './opportunity-view.store.ts';
import { ask, quoted, type Question, type QuestionRule } from './question.rules.ts';
import { helpQuestions, pointQuestions, viewQuestion } from './shared-questions.rules.ts';

/** A milestone that is expected later than agreed. */
interface LateMilestone {
  id: string;
  name: string | null;
  due: string;
  forecast: string;
}

/** What the questions about a project are made of. */
export interface ProjectQuestionFacts {
  id: string;
  status: string | null;
  manager: { hasLeft: boolean } | null;
  /** The latest first. */
  milestones: readonly LateMilestone[];
  warnings: readonly EarlyWarning[];
  latest: LatestViews;
  points: readonly OpenPoint[];
}

const asked: Readonly<Partial<Record<WarningCode, { rule: QuestionRule; question: string }>>> = {
  COST_PERFORMANCE: { rule: 'COST_PERFORMANCE', question: 'What is the plan to recover?' },
  BURN_GAP: { rule: 'BURN_GAP', question: 'What is the plan to recover?' },
  LEAKAGE: { rule: 'UNAPPROVED_WORK', question: 'Which change are they for, and who pays?' },
  DECISION_WAIT: { rule: 'DECISION_WAIT', question: 'Who decides, and when?' },
  REPORT_MISSED: { rule: 'REPORT_MISSED', question: 'Who tells the client how it stands?' },
  REPORT_NOT_SENT: { rule: 'REPORT_NOT_SENT', question: 'Who sends it, or says that it was sent?' },
};

/** What there is to ask about a project; nothing about one that is not under way. What is not known asks nothing. Pure. */
export function projectQuestions(
  project: ProjectQuestionFacts,
  { now, settings }: { now: string; settings: CheckInSettings },
): Question[] {
  if (project.status !== 'ACTIVE' && project.status !== 'ON_HOLD') return [];
  const subject = { kind: 'project', id: project.id } as const;
  const seen = project.latest.views.OPERATIONS?.as_of ?? null;
  return [
    ...managerQuestion(project),
    ...project.warnings.flatMap(({ code, message, causes }) => {
      const about = asked[code];
      if (!about) return [];
      const text = `${message} ${about.question}`;
      return [ask(subject, { rule: about.rule, text, ...(causes.length > 0 ? { rows: causes } : {}) })];
    }),
    ...milestoneQuestion(project),
    ...helpQuestions(subject, project.latest),
    ...pointQuestions(subject, project.points, now.slice(0, 10)),
    ...viewQuestion(subject, { seen, now, viewDays: settings.viewDays, who: 'its manager' }),
  ];
}

function managerQuestion({ id, manager }: ProjectQuestionFacts): Question[] {
  if (manager && !manager.hasLeft) return [];
  const text = manager ? 'Its manager has left: who leads it now?' : 'It has no manager: who leads it?';
  return [ask({ kind: 'project', id }, { rule: 'NO_OWNER', text })];
}

function milestoneQuestion({ id, milestones }: ProjectQuestionFacts): Question[] {
  const [worst] = milestones;
  if (!worst) return [];
  const days = Temporal.PlainDate.from(worst.due).until(worst.forecast, { largestUnit: 'days' }).days;
  const name = quoted(worst.name ?? 'without a name');
  const what =
    milestones.length === 1
      ? `The milestone ${name} is expected ${daysText(days)} late`
      : `${milestones.length} milestones are expected late, ${name} by ${daysText(days)}`;
  const rows = milestones.map((each) => ({ kind: 'milestone', id: each.id }) as const);
  return [ask({ kind: 'project', id }, { rule: 'MILESTONE_LATE', text: `${what}: does the client know?`, rows })];
}

function daysText(days: number): string {
  return `${days} day${days === 1 ? '' : 's'}`;
}
