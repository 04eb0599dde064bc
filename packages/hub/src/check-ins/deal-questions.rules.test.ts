import { expect, test } from 'vitest';
import { readCheckInSettings } from './check-ins.settings.ts';
import { dealQuestions, type DealFacts } from './deal-questions.rules.ts';
import type { ViewRow } from './opportunity-view.store.ts';

const view = (changes: Partial<ViewRow>): ViewRow => ({
  id: 'v',
  subject_kind: 'opportunity',
  subject_id: 'deal',
  perspective: 'SELLER',
  text: 'Fine.',
  confidence: null,
  next_step: null,
  next_step_date: null,
  help_wanted: null,
  audience: 'TEAM',
  as_of: '2026-03-05 10:00:00+00',
  recorded_at: '2026-03-05 10:00:00+00',
  actor: 'key a',
  author_id: null,
  obstacle_ids: [],
  close_need_ids: [],
  ...changes,
});

/** A deal with nothing to ask about. */
const quiet: DealFacts = {
  id: 'deal',
  isOpen: true,
  isProposed: false,
  isKeptHere: true,
  offered: null,
  closeDate: '2026-04-30',
  nextStep: 'Call them',
  nextStepDate: '2026-03-09',
  activeAt: '2026-03-05T10:00:00Z',
  amount: { amount: '100000', currency: 'EUR' },
  amountBefore: { amount: '100000.00', currency: 'EUR' },
  probability: '0.5',
  owner: { hasLeft: false },
  closeDates: ['2026-04-30'],
  stay: { secondsInStage: 864_000, medianSeconds: 1_209_600, stays: 12 },
  latest: { views: { SELLER: view({ confidence: '0.6' }) }, withNextStep: null },
  points: [],
};

function asked(changes: Partial<DealFacts>): string[] {
  const asking = { now: '2026-03-06T10:00:00Z', settings: readCheckInSettings({}) };
  return dealQuestions({ ...quiet, ...changes }, asking).map(
    ({ rule, severity, text }) => `${rule} ${severity}: ${text}`,
  );
}

const pushedTwice = ['2026-01-31', '2026-02-28', '2026-04-30'];

test('a deal in order raises no question, and a closed one none whatever its state', () => {
  expect(asked({})).toEqual([]);
  expect(asked({ isOpen: false, closeDate: '2025-01-01', owner: null, nextStepDate: null })).toEqual([]);
});

test('a close date that was put off twice with a next step in the past is asked about in one question', () => {
  expect(asked({ closeDates: pushedTwice, nextStepDate: '2026-03-01' })).toEqual([
    'CLOSE_DATE_MOVED HIGH: The close date was put off 2 times and the next step “Call them” was due on 2026-03-01: what changed?',
  ]);
  expect(asked({ closeDates: pushedTwice, nextStep: null, nextStepDate: null })).toEqual([
    'CLOSE_DATE_MOVED HIGH: The close date was put off 2 times and there is no next step: what changed?',
  ]);
  expect(asked({ closeDates: pushedTwice })).toEqual([]);
  expect(asked({ closeDates: ['2025-12-31', ...pushedTwice] })).toEqual([
    'REQUALIFY MEDIUM: The close date was put off 3 times: does the deal still qualify?',
  ]);
  expect(asked({ nextStepDate: '2026-03-05' })).toEqual([
    'NO_NEXT_STEP MEDIUM: The next step “Call them” was due on 2026-03-05: what happens next, and when?',
  ]);
  expect(asked({ nextStepDate: '2026-03-06' })).toEqual([]);
});

test('a next step of a view counts beside the one of the CRM', () => {
  const withNextStep = view({ next_step: 'Send the contract', next_step_date: '2026-03-20' });
  expect(asked({ nextStepDate: '2026-03-01', latest: { ...quiet.latest, withNextStep } })).toEqual([]);
  const undated = view({ next_step: 'Send the contract' });
  expect(asked({ nextStepDate: '2026-03-01', latest: { ...quiet.latest, withNextStep: undated } })).toEqual([
    'NO_NEXT_STEP MEDIUM: The next step “Send the contract” has no day: what happens next, and when?',
  ]);
});

test('an open deal beyond its close date, in its stage for twice the usual time, without a seller', () => {
  expect(
    asked({
      closeDate: '2026-03-05',
      owner: null,
      stay: { secondsInStage: 2_419_200, medianSeconds: 1_209_600, stays: 12 },
    }),
  ).toEqual([
    'NO_OWNER HIGH: It has no seller: who sells it?',
    'CLOSE_DATE_PAST MEDIUM: It was to close on 2026-03-05 and is open: when will it, or is it lost?',
    'STAGE_AGED MEDIUM: It has been in its stage for 28 days, 2 times as long as deals usually are: what holds it?',
  ]);
  expect(asked({ stay: { secondsInStage: 2_419_200, medianSeconds: 1_209_600, stays: 4 } })).toEqual([]);
  expect(
    asked({
      closeDate: '2026-03-06',
      owner: { hasLeft: true },
      stay: { secondsInStage: 9, medianSeconds: null, stays: 0 },
    }),
  ).toEqual(['NO_OWNER HIGH: Its seller has left: who sells it now?']);
});

test('silence is asked about after 14 days, and gravely after 30; silence nobody can measure is not', () => {
  expect(asked({ activeAt: '2026-02-20T10:00:01Z' })).toEqual([]);
  expect(asked({ activeAt: '2026-02-20T10:00:00Z' })).toEqual([
    'NO_ACTIVITY MEDIUM: No contact with the client is known for 14 days: is it alive?',
  ]);
  expect(asked({ activeAt: '2026-02-04T10:00:00Z' })).toEqual([
    'NO_ACTIVITY HIGH: No contact with the client is known for 30 days: is it alive?',
  ]);
  expect(asked({ activeAt: null })).toEqual([]);
});

test('what is before the client without a review that counts', () => {
  const proposal = { id: 'p' } as NonNullable<DealFacts['offered']>['proposal'];
  const reviewed = (review: NonNullable<DealFacts['offered']>['review']) =>
    asked({ isProposed: true, offered: { proposal, review } });
  expect(asked({ isProposed: true })).toEqual([
    'NOT_REVIEWED HIGH: The client has an offer that is not kept here: who has looked at it?',
  ]);
  // Where offers are kept elsewhere, nothing is missing; what is here is asked about all the same.
  expect(asked({ isProposed: true, isKeptHere: false })).toEqual([]);
  expect(asked({ isProposed: true, isKeptHere: false, offered: { proposal, review: null } })).toHaveLength(1);
  expect(reviewed(null)).toEqual(['NOT_REVIEWED HIGH: Nobody has reviewed what is offered: can it be delivered?']);
  expect(reviewed('STALE')).toEqual([
    'NOT_REVIEWED HIGH: The terms are not those that were reviewed: can it be delivered?',
  ]);
  expect(reviewed('CONDITIONAL')).toEqual([]);
  expect(asked({ isProposed: false, offered: { proposal, review: null } })).toEqual([]);
  // A review grows old before the client says yes, not after.
  expect(reviewed('EXPIRED')).toEqual([
    'NOT_REVIEWED HIGH: The review of what is offered is too old: can it be delivered?',
  ]);
  const accepted = { ...proposal, state: 'ACCEPTED' } as const;
  expect(asked({ isProposed: true, offered: { proposal: accepted, review: 'EXPIRED' } })).toEqual([]);
  expect(asked({ isProposed: true, offered: { proposal: accepted, review: 'STALE' } })).toHaveLength(1);
});

test('an amount that moved by a tenth, or into another currency', () => {
  const before = (amount: string, currency = 'EUR') => ({ amountBefore: { amount, currency } });
  expect(asked(before('111112'))).toEqual([
    'AMOUNT_CHANGED MEDIUM: It is 100000 EUR, and was 111112 EUR 30 days ago: what fell away?',
  ]);
  expect(asked(before('90000'))).toEqual([
    'AMOUNT_CHANGED MEDIUM: It is 100000 EUR, and was 90000 EUR 30 days ago: what was added?',
  ]);
  expect(asked(before('91000'))).toEqual([]);
  expect(asked(before('0'))).toHaveLength(1);
  expect(asked(before('100000', 'USD'))).toEqual([
    'AMOUNT_CHANGED MEDIUM: It is 100000 EUR, and was 100000 USD 30 days ago: why the other currency?',
  ]);
  expect(asked({ amountBefore: null })).toEqual([]);
});

test('a seller who is more than 30 points from the CRM', () => {
  const sure = (confidence: string) => ({ latest: { views: { SELLER: view({ confidence }) }, withNextStep: null } });
  expect(asked(sure('0.8'))).toEqual([]);
  expect(asked(sure('0.81'))).toEqual([
    'CONFIDENCE_GAP HIGH: The seller gives it 81 %, the CRM 50 %: which one counts?',
  ]);
  expect(asked({ ...sure('0.9'), probability: null })).toEqual([]);
  // Of an old view it is asked whether it still holds.
  const old = view({ confidence: '0.9', as_of: '2026-02-27 10:00:00+00' });
  expect(asked({ latest: { views: { SELLER: old }, withNextStep: null } })).toEqual([
    'NO_VIEW LOW: The latest view is 7 days old: does it still hold?',
  ]);
});

test('who says what would help is heard, until a later view asks for nothing', () => {
  const help = view({ help_wanted: 'A word with their\nCFO.' });
  expect(asked({ latest: { views: { SELLER: help, CLIENT: view({}) }, withNextStep: null } })).toEqual([
    'HELP_WANTED HIGH: Help is wanted: “A word with their CFO.”. Who gives it?',
  ]);
});

test('obstacles beyond their day, needs without an owner, and a view that is old or missing', () => {
  const point = { title: 'Legal', raised_at: null, due: '2026-03-05', owner_id: 'ada' };
  expect(
    asked({
      points: [
        { kind: 'obstacle', id: 'o1', ...point },
        { kind: 'obstacle', id: 'o2', ...point, due: '2026-03-06' },
        { kind: 'closeNeed', id: 'n1', ...point, owner_id: null },
        { kind: 'closeNeed', id: 'n2', ...point, title: null, owner_id: null },
      ],
      latest: { views: { CLIENT: view({ as_of: '2026-02-27 10:00:00+00' }) }, withNextStep: null },
    }),
  ).toEqual([
    'OBSTACLE_OVERDUE MEDIUM: The obstacle “Legal” was to be settled by 2026-03-05: what does it wait for?',
    'NEED_WITHOUT_OWNER MEDIUM: 2 things are needed to close that nobody sees to, such as “Legal”: who does?',
    'NO_VIEW LOW: The latest view is 7 days old: does it still hold?',
  ]);
  expect(asked({ latest: { views: {}, withNextStep: null } })).toEqual([
    'NO_VIEW LOW: Nobody has said how they see it: what does the seller think?',
  ]);
});

test('what people wrote stands in quotes, on one line and not too long', () => {
  const [text = ''] = asked({ nextStep: `a\n\n b ${'x'.repeat(200)}`, nextStepDate: '2026-03-01' });
  expect(text).toContain(`“a b ${'x'.repeat(76)}…”`);
});
