import type { Clock } from '@plumbline/connector';
import type { TestDatabase } from './database.ts';
import { rawRecord } from './memory-connector.ts';
import { acceptBaseline, officeScript, openOffice } from './office.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });

/** Two open deals, one won and one lost, a quota, targets, and forty hours in the project that nobody ordered. */
export function reviewedScript() {
  const script = officeScript();
  const deal = (id: string, name: string, owner: string, more: Record<string, unknown>) =>
    rawRecord(id, [`deal:${id}`], { name, owner: `email:${owner}@x.com`, client: 'client:acme', ...more });
  script['people'] = {
    kind: 'person',
    pages: [
      {
        records: [
          rawRecord('ada', ['email:ada@x.com'], { name: 'Ada', email: 'ada@x.com', team: 'North' }),
          rawRecord('grace', ['email:grace@x.com'], { name: 'Grace', email: 'grace@x.com', team: 'South' }),
        ],
      },
    ],
  };
  script['deals'] = {
    kind: 'opportunity',
    pages: [
      {
        records: [
          deal('portal', 'Portal', 'ada', {
            state: 'PROPOSED',
            amount: eur('100000'),
            probability: '0.5',
            closeDate: '2026-03-20',
          }),
          deal('archive', 'Archive', 'grace', {
            state: 'SCOPING',
            amount: eur('50000'),
            probability: '0.2',
            closeDate: '2026-03-28',
          }),
          deal('won', 'Signed', 'ada', { state: 'WON', amount: eur('40000'), closeDate: '2026-02-10' }),
          deal('lost', 'Gone', 'ada', { state: 'LOST', amount: eur('70000'), closeDate: '2026-02-01' }),
        ],
      },
    ],
  };
  const quarter = { periodStart: '2026-01-01', periodEnd: '2026-03-31' };
  script['quotas'] = {
    kind: 'quota',
    pages: [
      { records: [rawRecord('1', ['quota:1'], { owner: 'email:ada@x.com', amount: eur('100000'), ...quarter })] },
    ],
  };
  script['targets'] = {
    kind: 'target',
    pages: [
      {
        records: [
          rawRecord('1', ['target:1'], { metric: 'winRate', value: '0.6', ...quarter }),
          rawRecord('2', ['target:2'], { metric: 'winRate', value: '0.4', person: 'email:ada@x.com', ...quarter }),
          rawRecord('3', ['target:3'], { metric: 'margin', value: '0.45', periodStart: '2026-01-01' }),
          rawRecord('4', ['target:4'], {
            metric: 'margin',
            value: '0.99',
            periodStart: '2025-01-01',
            periodEnd: '2025-12-31',
          }),
        ],
      },
    ],
  };
  script['rates'] = {
    kind: 'rate',
    pages: [
      {
        records: [
          rawRecord('1', ['rate:1'], {
            person: 'email:ada@x.com',
            billRate: eur('150'),
            costRate: eur('90'),
            validFrom: '2026-01-01',
          }),
        ],
      },
    ],
  };
  const item = (id: string, fields: Record<string, unknown>, customFields: Record<string, string>) => {
    const record = rawRecord(id, [`item:${id}`], { project: 'project:1', ...fields });
    return { ...record, payload: { ...(record.payload as object), customFields } };
  };
  const committed = { commitment: 'D1' };
  script['items'] = {
    kind: 'workItem',
    pages: [
      {
        records: [
          item(
            '1',
            { title: 'Built', estimate: 180_000, statusCategory: 'DONE', doneAt: '2026-02-20T10:00:00Z' },
            committed,
          ),
          item('2', { title: 'To be built', estimate: 540_000, statusCategory: 'TODO' }, committed),
          item('3', { title: 'Export, as asked in passing' }, {}),
        ],
      },
    ],
  };
  script['time'] = {
    kind: 'timeEntry',
    pages: [
      {
        records: [
          rawRecord('1', ['time:1'], {
            person: 'email:ada@x.com',
            workItem: 'item:3',
            localDate: '2026-02-19',
            seconds: 144_000,
          }),
        ],
      },
    ],
  };
  return script;
}

/** The company, synced, its baseline accepted: 500,000 at a planned cost of 300,000. */
export async function openReviewed(options: {
  database: TestDatabase;
  clock: Clock;
  script?: ReturnType<typeof reviewedScript>;
}) {
  const office = await openOffice({ script: reviewedScript(), ...options });
  await acceptBaseline(office.ask, office.idOf('Rollout'));
  return office;
}
