import { expect, test } from 'vitest';
import type { HistoryEntry } from '../kernel/history.entries.ts';
import { movementsOf, movingKinds } from './movement.rules.ts';

const question = {
  since: '2026-03-02T08:00:00Z',
  now: '2026-03-09T08:00:00Z',
  knownSince: '2026-03-04T08:00:00Z',
  decidedBy: (at: string) => (at === '2026-03-06T08:00:00Z' ? 'key 1a2b3c4d' : null),
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
  const by = (sourceId: string | null) => movementsOf(record, [entry({ at, sourceId })], question)[0]?.by;
  expect([by('plumbline'), by('crm'), by(null)]).toEqual(['key 1a2b3c4d', 'crm', null]);
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
