import { expect, test } from 'vitest';
import type { HistoryEntry } from '../kernel/history.entries.ts';
import { movementsOf, movingKinds } from './movement.rules.ts';

const question = {
  since: '2026-03-02T08:00:00Z',
  now: '2026-03-09T08:00:00Z',
  knownSince: '2026-03-04T08:00:00Z',
  decidedAt: (at: string) => (at === '2026-03-06T08:00:00Z' ? [{ actor: 'key 1a2b3c4d', toState: null }] : []),
};
const record = { kind: 'opportunity', id: 'a' } as const;

function entry(more: Partial<Omit<HistoryEntry, 'validFrom'>> & { at: string }): HistoryEntry {
  const { at, ...rest } = more;
  return {
    validFrom: Temporal.Instant.from(at),
    seenAt: at,
    operation: 'UPDATED',
    sourceId: 'crm',
    seq: 1,
    changes: [{ field: 'closeDate', before: '2026-03-31', after: '2026-04-30' }],
    ...rest,
  };
}

test('what lies behind the last review and up to now moved, and nothing else', () => {
  const at = ['2026-03-02T08:00:00Z', '2026-03-05T08:00:00Z', '2026-03-09T08:00:00Z', '2026-03-09T08:00:01Z'];
  expect(
    movementsOf(
      record,
      at.map((each) => entry({ at: each, seenAt: '2026-03-10T08:00:00Z' })),
      question,
    ).map((each) => each.at),
  ).toEqual(['2026-03-05T08:00:00Z', '2026-03-09T08:00:00Z']);
});

test('what the first reading put together did not happen then, but what a source remembers did', () => {
  const seen = { at: '2026-03-03T08:00:00Z', seenAt: '2026-03-04T08:00:00Z' };
  const changes = [
    { field: 'amount', before: null, after: { amount: '1', currency: 'EUR' } },
    { field: 'closeDate', before: '2026-03-31', after: '2026-04-30', isRemembered: true as const },
  ];
  expect(movementsOf(record, [entry({ ...seen, changes })], question).map(({ field }) => field)).toEqual(['closeDate']);
  expect(movementsOf(record, [entry({ ...seen, operation: 'CREATED' })], question)).toEqual([]);
  const later = entry({ at: '2026-03-05T08:00:00Z', operation: 'CREATED' });
  expect(movementsOf(record, [later], question)).toMatchObject([{ operation: 'CREATED', field: null }]);
  expect(movementsOf(record, [later], { ...question, knownSince: null })).toEqual([]);
});

test('what was decided here was the key, what a source says was the source', () => {
  const at = '2026-03-06T08:00:00Z';
  const who = (sourceId: string | null) => {
    const [{ by, person } = { by: '', person: null }] = movementsOf(record, [entry({ at, sourceId })], question);
    return [by, person];
  };
  expect([who('plumbline'), who('crm'), who(null)]).toEqual([
    ['key 1a2b3c4d', { actor: 'key 1a2b3c4d' }],
    ['crm', null],
    [null, null],
  ]);
});

test('of two steps of one instant, each state is of whoever led to it, and all else of the person', () => {
  const at = '2026-03-06T08:00:00Z';
  const decided = [
    { actor: 'ada', toState: 'IMPACT_ASSESSED' },
    { actor: 'plumbline', toState: 'COMMERCIAL_REVIEW' },
  ];
  const change = (field: string, after: string) => ({ field, before: null, after, isRemembered: true }) as const;
  const changes = [
    change('state', 'IMPACT_ASSESSED'),
    change('state', 'COMMERCIAL_REVIEW'),
    change('scheduleDeltaDays', '5'),
  ];
  const moved = (of: typeof decided) =>
    movementsOf({ kind: 'changeRequest', id: 'a' }, [entry({ at, sourceId: 'plumbline', changes })], {
      ...question,
      decidedAt: () => of,
    }).map(({ by }) => by);
  expect(moved(decided)).toEqual(['ada', 'plumbline', 'ada']);
  expect(moved(decided.slice(1))).toEqual(['plumbline', 'plumbline', 'plumbline']);
});

test('who a source says it was is told for each field, and who gave a record its first value made it', () => {
  const change = (field: string, by?: 'user:1' | 'user:2') =>
    ({ field, before: null, after: 'x', isRemembered: true, ...(by ? { by } : {}) }) as const;
  const created = { ...entry({ at: '2026-03-06T09:00:00Z', seq: 2 }), operation: 'CREATED', changes: [] } as const;
  const entries = [
    created,
    entry({ at: '2026-03-06T08:30:00Z', changes: [change('amount', 'user:2'), change('closeDate')] }),
    entry({ at: '2026-03-01T08:00:00Z', changes: [change('stage', 'user:1')] }),
    entry({ at: '2026-02-01T08:00:00Z', sourceId: 'sheet', changes: [change('nextStep', 'user:2')] }),
  ];
  const people = (of: typeof entries) => movementsOf(record, of, question).map(({ field, person }) => [field, person]);
  const amount = ['amount', { key: 'user:2' }];
  expect(people(entries)).toEqual([[null, { key: 'user:1' }], amount, ['closeDate', null]]);
  expect(people([{ ...created, sourceId: 'other' }])).toEqual([[null, null]]);
  expect(people([{ ...created, operation: 'DELETED' }, ...entries.slice(1)])[0]).toEqual([null, null]);
});

test('a stage says more than the state it means, and fields that do not matter in a review are left out', () => {
  const change = (field: string) => ({ field, before: null, after: 'x' });
  const changes = [change('stage'), change('state'), change('lastActivityAt')];
  const fields = (of: typeof changes) =>
    movementsOf(record, [entry({ at: '2026-03-06T08:00:00Z', changes: of })], question).map(({ field }) => field);
  expect(fields(changes)).toEqual(['stage']);
  expect(fields(changes.slice(1))).toEqual(['state']);
});

test('sales looks at deals, delivery at all else', () => {
  expect(movingKinds('SALES')).toEqual(['opportunity']);
  expect(movingKinds('DELIVERY')).toEqual(['project', 'changeRequest', 'milestone', 'risk']);
});
