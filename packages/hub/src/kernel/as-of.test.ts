import { manualClock, silentLogger, type RawRecord } from '@plumbline/connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../test/database.ts';
import { memoryConnector } from '../../test/memory-connector.ts';
import { createApi } from '../api.ts';
import { openHub } from '../hub.ts';

const BEGIN = Temporal.Instant.from('2026-01-01T00:00:00Z');
const DEALS = ['1', '2', '3'];

type Field = 'stage' | 'state' | 'amount' | 'closeDate' | 'owner' | 'nextStep';
interface Edit {
  deal: string;
  at: string;
  field: Field;
  value: unknown;
}

const eur = (amount: number) => ({ amount: String(amount), currency: 'EUR' });
const change = fc.oneof(
  fc.record({ field: fc.constant('stage'), value: fc.constantFrom('Lead', 'Offer', 'Contract', null) }),
  fc.record({ field: fc.constant('state'), value: fc.constantFrom('QUALIFYING', 'PROPOSED', 'WON') }),
  fc.record({ field: fc.constant('amount'), value: fc.option(fc.integer({ min: 0, max: 5 }).map(eur)) }),
  fc.record({ field: fc.constant('closeDate'), value: fc.constantFrom('2026-06-01', '2026-07-01', null) }),
  fc.record({ field: fc.constant('owner'), value: fc.constantFrom('owner:ada', 'owner:bob', 'owner:unknown', null) }),
  fc.record({ field: fc.constant('nextStep'), value: fc.constantFrom('Call', 'Write', null) }),
);

/** Edits over ten days, oldest first, at few enough instants to be asked for just then. */
const edits: fc.Arbitrary<Edit[]> = fc
  .array(fc.tuple(fc.constantFrom(...DEALS), fc.integer({ min: 1, max: 40 }), change), { minLength: 30, maxLength: 60 })
  .map((all) =>
    all
      .toSorted(([, a], [, b]) => a - b)
      .map(([deal, step, { field, value }]) => ({ deal, at: hours(step * 6), field: field as Field, value })),
  );

function hours(count: number): string {
  return BEGIN.add({ hours: count }).toString();
}

/** What the vendor has at an instant: deals made on one day after the other, with the history of all fields but `nextStep`. */
function vendorAt(all: readonly Edit[], at: string): RawRecord[] {
  return DEALS.flatMap((deal, day) => {
    const createdAt = hours(day * 24);
    if (Temporal.Instant.compare(createdAt, at) > 0) return [];
    const own = all
      .filter((edit) => edit.deal === deal)
      .filter((edit) => Temporal.Instant.compare(edit.at, createdAt) > 0)
      .filter((edit) => Temporal.Instant.compare(edit.at, at) <= 0);
    const past = [{ field: 'stage', at: createdAt, value: 'Lead' }, ...own];
    const fields = { url: deal, createdAt, ...Object.fromEntries(past.map(({ field, value }) => [field, value])) };
    const history = past
      .filter(({ field }) => field !== 'nextStep')
      .map(({ field, at: since, value }) => ({ field, at: since, value }));
    return [
      { id: deal, changedAt: past.at(-1)?.at ?? createdAt, payload: { keys: [`deal:${deal}`], fields, history } },
    ];
  });
}

const people = ['ada', 'bob'].map((id) => ({
  id,
  changedAt: hours(0),
  payload: { keys: [`owner:${id}`], fields: { name: id } },
}));

const remembered = 'totalCount nodes { url stage state amount { amount currency } closeDate owner { name } }';
const everything = remembered.replace('url', 'url nextStep changedAt');
const ordered = 'orderBy: { field: AMOUNT, direction: DESC }';

/** What a list, a filtered one, an ordered one and a nested one show, without what only one hub can know. */
function query(asOf: string, fields = remembered): string {
  return `{
    all: opportunities(${asOf} first: 5, orderBy: { field: URL }) { ${fields} }
    dear: opportunities(${asOf} first: 5, orderBy: { field: URL }, filter: { or: [{ amount: { gte: "2", currency: "EUR" } }, { stage: { isNull: true } }] }) { ${fields} }
    dearest: opportunities(${asOf} first: 1, ${ordered}) { nodes { amount { amount } } pageInfo { hasNextPage } }
    people(first: 2, orderBy: { field: NAME }) { nodes { name opportunities(${asOf} first: 5, orderBy: { field: URL }) { totalCount nodes { url } } } } }`;
}

/** A hub that syncs what the vendor has at one instant after the other; `ask` says what each time. */
async function follow(
  all: readonly Edit[],
  instants: readonly string[],
  ask: (at: string) => readonly string[],
): Promise<unknown[]> {
  const database = await emptyDatabase({ durable: false });
  const script = {
    people: { kind: 'person' as const, pages: [{ records: people }] },
    deals: { kind: 'opportunity' as const, pages: [{ records: [] as RawRecord[] }] },
  };
  const clock = manualClock(BEGIN.toString());
  const hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock,
    sources: [{ id: 'crm', connector: memoryConnector('hubspot', script), config: {}, secrets: {} }],
  });
  try {
    const answers: unknown[] = [];
    for (const at of instants) {
      clock.set(Temporal.Instant.from(at));
      script.deals.pages.push({ records: vendorAt(all, at) });
      await hub.sync();
      for (const question of ask(at)) {
        const { data, errors } = await createApi(hub).query(question);
        expect(errors).toBeUndefined();
        answers.push(JSON.parse(JSON.stringify(data)));
      }
    }
    return answers;
  } finally {
    await hub.close();
    await database.drop();
  }
}

const instants = fc
  .uniqueArray(fc.integer({ min: 1, max: 80 }), { minLength: 4, maxLength: 6 })
  .map((all) => all.toSorted((a, b) => a - b).map((step) => hours(step * 3)));

test('a hub that is asked for a past instant shows what one showed that synced then, whenever it synced itself', async () => {
  await fc.assert(
    fc.asyncProperty(edits, instants, instants, async (all, asked, synced) => {
      const shown = await follow(all, asked, () => [query('')]);
      const end = hours(300);
      const questions = asked.map((at) => query(`asOf: "${at}",`));
      const later = await follow(all, [...synced, end], (at) => (at === end ? questions : []));
      expect(later).toEqual(shown);
    }),
    { seed: 20260310, numRuns: 3, endOnFailure: true },
  );
});

test('a hub that is asked for an instant at which it synced shows all that it showed then', async () => {
  await fc.assert(
    fc.asyncProperty(edits, instants, async (all, synced) => {
      const end = hours(300);
      const answers = await follow(all, [...synced, end], (at) =>
        at === end ? synced.map((each) => query(`asOf: "${each}",`, everything)) : [query('', everything)],
      );
      expect(answers.slice(synced.length)).toEqual(answers.slice(0, synced.length));
    }),
    { seed: 20260310, numRuns: 5, endOnFailure: true },
  );
});
