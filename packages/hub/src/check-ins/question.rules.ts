import type { KindName, severities } from '@plumbline/connector';
import type { Subject } from './subject.ts';

export type Severity = (typeof severities)[number];

/** What is asked about, the gravest first: how grave it is, and when it is asked. */
export const questionRules = {
  CLOSE_DATE_MOVED: {
    severity: 'HIGH',
    meaning: 'The close date was put off more than once, and no next step lies ahead.',
  },
  NOT_REVIEWED: {
    severity: 'HIGH',
    meaning: 'It is before the client, and no review of its terms counts.',
  },
  NO_OWNER: { severity: 'HIGH', meaning: 'Nobody owns it, or who does has left.' },
  COST_PERFORMANCE: { severity: 'HIGH', meaning: 'A unit of money brings too little.' },
  BURN_GAP: { severity: 'HIGH', meaning: 'The money is ahead of the work.' },
  UNAPPROVED_WORK: { severity: 'HIGH', meaning: 'Hours were worked that nobody ordered.' },
  DECISION_WAIT: { severity: 'HIGH', meaning: 'A change request waits for a decision.' },
  CONFIDENCE_GAP: { severity: 'HIGH', meaning: 'The seller and the CRM differ about the chance.' },
  HELP_WANTED: { severity: 'HIGH', meaning: 'Who sees to it says what would help.' },
  NO_ACTIVITY: { severity: 'MEDIUM', meaning: 'Nobody has been in contact with the client for long.' },
  CLOSE_DATE_PAST: { severity: 'MEDIUM', meaning: 'It is open beyond the day it was to close.' },
  NO_NEXT_STEP: { severity: 'MEDIUM', meaning: 'No next step lies ahead.' },
  REQUALIFY: { severity: 'MEDIUM', meaning: 'The close date was put off many times.' },
  STAGE_AGED: { severity: 'MEDIUM', meaning: 'It has been in its stage much longer than deals usually are.' },
  AMOUNT_CHANGED: { severity: 'MEDIUM', meaning: 'Its amount is another than some weeks ago.' },
  OBSTACLE_OVERDUE: { severity: 'MEDIUM', meaning: 'An obstacle is open beyond its day.' },
  NEED_WITHOUT_OWNER: { severity: 'MEDIUM', meaning: 'Nobody sees to something that is needed to close.' },
  MILESTONE_LATE: { severity: 'MEDIUM', meaning: 'A milestone is expected later than agreed.' },
  REPORT_MISSED: { severity: 'MEDIUM', meaning: 'A report that the statement of work promises is not there.' },
  REPORT_NOT_SENT: {
    severity: 'MEDIUM',
    meaning: 'A report that the statement of work promises was taken, and nobody says that it was sent.',
  },
  NO_VIEW: { severity: 'LOW', meaning: 'Nobody has said lately how they see it.' },
} as const satisfies Record<string, { severity: Severity; meaning: string }>;
export type QuestionRule = keyof typeof questionRules;

/** Something to ask in a review, out of a gap or a movement in the data. */
export interface Question {
  rule: QuestionRule;
  severity: Severity;
  subject: Subject;
  /** What is so, and what one wants to know. */
  text: string;
  /** The rows behind it. */
  rows: readonly { kind: KindName; id: string }[];
}

/** What is asked, where it is more than its rule. */
export interface Asked {
  rule: QuestionRule;
  text: string;
  rows?: Question['rows'];
  severity?: Severity;
}

/** A question of its rule's severity; about the subject alone where no other rows are given. Pure. */
export function ask(
  subject: Subject,
  { rule, text, rows = [subject], severity = questionRules[rule].severity }: Asked,
): Question {
  return { rule, severity, subject, text, rows };
}

const byGravity: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
const inTurn = Object.keys(questionRules);

/** The gravest first, then in the order of the rules. Pure. */
export function inOrder(questions: readonly Question[]): Question[] {
  return questions.toSorted(
    (a, b) =>
      byGravity.indexOf(a.severity) - byGravity.indexOf(b.severity) ||
      inTurn.indexOf(a.rule) - inTurn.indexOf(b.rule) ||
      (a.subject.id < b.subject.id ? -1 : 1),
  );
}

const LONGEST_QUOTE = 80;

/** What people wrote, within a sentence of ours. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `“${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}”`;
}
