import { InputError } from '../kernel/api-error.ts';
import { decimal } from '../kernel/decimal.ts';
import type { NewPoint } from './open-point.store.ts';
import type { Audience, Perspective } from './opportunity-view.ts';

/** What somebody says of an opportunity or a project. */
export interface CheckInWords {
  perspective: Perspective;
  text: string;
  /** 0 to 1; null where nobody gives one. */
  confidence: string | null;
  nextStep: { text: string; date: string | null } | null;
  helpWanted: string | null;
  audience: Audience;
  /** Of when it speaks. */
  asOf: string;
  obstacles: readonly NewPoint[];
  needsToClose: readonly NewPoint[];
}

const MOST_POINTS = 20;
const limits = { text: 5_000, nextStep: 500, helpWanted: 2_000, title: 500, category: 100 } as const;

/** Throws InputError that names the argument which is wrong. Pure. */
export function checkWords(words: CheckInWords, now: string): void {
  const { confidence, nextStep, asOf, helpWanted, obstacles, needsToClose } = words;
  checkText('text', words.text, limits.text);
  if (confidence !== null && (decimal(confidence).lessThan(0) || decimal(confidence).greaterThan(1)))
    throw new InputError('confidence', `Confidence is ${confidence}; it goes from 0 to 1.`, 'Give 0.7 for 70 %.');
  if (nextStep) checkText('nextStep.text', nextStep.text, limits.nextStep);
  if (helpWanted !== null) checkText('helpWanted', helpWanted, limits.helpWanted);
  if (Temporal.Instant.compare(asOf, now) > 0)
    throw new InputError('asOf', `\`asOf\` is ${asOf}, which is still to come.`, 'Leave it out for now.');
  checkPoints('obstacles', obstacles, words.audience);
  checkPoints('needsToClose', needsToClose, words.audience);
}

/** Throws InputError for an obstacle or a need that says too little or too much. Pure. */
export function checkPoint(argument: string, { title, category }: Pick<NewPoint, 'title' | 'category'>): void {
  const within = argument === '' ? '' : `${argument}.`;
  checkText(`${within}title`, title, limits.title);
  if (category !== null) checkText(`${within}category`, category, limits.category);
}

/** Somebody else may be their owner, so they are not for the few who read the view. */
function checkPoints(argument: 'obstacles' | 'needsToClose', points: readonly NewPoint[], audience: Audience): void {
  if (points.length > MOST_POINTS)
    throw new InputError(
      argument,
      `There are ${points.length}; ${MOST_POINTS} are allowed.`,
      'Name those that matter.',
    );
  if (points.length > 0 && (audience === 'PRIVATE' || audience === 'LEADERSHIP'))
    throw new InputError(
      argument,
      `The view is for ${audience}, and obstacles and needs are read by everybody.`,
      'Leave them out, or check in for TEAM.',
    );
  for (const [index, point] of points.entries()) checkPoint(`${argument}.${index}`, point);
}

function checkText(argument: string, text: string, most: number): void {
  if (text.trim() !== '' && text.length <= most) return;
  throw new InputError(
    argument,
    text.trim() === '' ? `\`${argument}\` is blank.` : `\`${argument}\` has ${text.length} characters.`,
    `Give 1 to ${most} characters.`,
  );
}
