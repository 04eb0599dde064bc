import { expect, test } from 'vitest';
import { changeRequest } from '../change-requests/change-request.ts';
import { historyOf } from './history.entries.ts';

const at = '2026-03-06T08:00:00Z';

test('two steps of one instant are told once each, though only the last of them lasted', () => {
  const version = { validFrom: at, seenAt: at, operation: 'UPDATED', sourceId: 'plumbline' } as const;
  const state = (before: string, after: string) => ({ field: 'state', before, after });
  const entries = historyOf(
    changeRequest,
    [
      {
        ...version,
        seq: 1,
        changes: [state('TRIAGED', 'IMPACT_ASSESSED'), { field: 'title', before: 'A', after: 'B' }],
      },
      { ...version, seq: 2, changes: [state('IMPACT_ASSESSED', 'COMMERCIAL_REVIEW')] },
    ],
    {
      state: {
        source: 'plumbline',
        values: [
          ['2026-03-01T08:00:00Z', 'TRIAGED'],
          [at, 'IMPACT_ASSESSED'],
          [at, 'COMMERCIAL_REVIEW'],
        ],
      },
    },
  );
  const told = entries
    .filter(({ validFrom }) => validFrom.toString() === at)
    .map(({ seq, seenAt, changes }) => [seq, seenAt, changes.map(({ after }) => after)]);
  expect(told).toEqual([[1, at, ['B', 'IMPACT_ASSESSED', 'COMMERCIAL_REVIEW']]]);
});
