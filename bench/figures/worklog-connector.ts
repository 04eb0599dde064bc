import { defineConnector, defineStream, diagnoseHttp, record, type Connector } from '@plumbline/connector';
import { z } from 'zod';

const rawWorklog = z.looseObject({ id: z.string(), item: z.number(), person: z.number(), day: z.string() });
export type Worklog = z.infer<typeof rawWorklog>;

/** A vendor of worklogs on the items and by the persons of the seed, without the vendor: `next` is what a poll reads. */
export function worklogConnector(next: () => Worklog): Connector {
  return defineConnector({
    name: 'bench-worklogs',
    title: 'Bench worklogs',
    config: z.object({}),
    secrets: z.object({}),
    keySchemes: ['bench-worklog', 'bench-item', 'bench-person'],
    limits: () => ({}),
    diagnose: (answer, source) => diagnoseHttp(source, answer),
    secretTexts: () => [],
    check: async () => [],
    streams: [
      defineStream({
        name: 'worklogs',
        description: 'Worklogs.',
        kinds: ['timeEntry'],
        raw: rawWorklog,
        cursor: z.object({ last: z.string() }),
        worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'id' },
        async *poll() {
          const payload = next();
          yield {
            records: [{ id: payload.id, changedAt: null, payload }],
            cursor: { last: payload.id },
            complete: true,
          };
        },
        map: ({ id, item, person, day }) => [
          record({
            kind: 'timeEntry',
            id,
            keys: [`bench-worklog:${id}`],
            fields: {
              startedAt: `${day}T09:00:00Z`,
              localDate: day,
              seconds: 5_400,
              note: 'Import of invoices',
              person: `bench-person:${person}`,
              workItem: `bench-item:${item}`,
            },
            customFields: {},
          }),
        ],
      }),
    ],
  });
}
