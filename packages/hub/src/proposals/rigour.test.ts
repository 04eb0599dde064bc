import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { officeScript, openOffice, take } from '../../test/office.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openOffice>>;
let script: ReturnType<typeof officeScript>;

const names = ['Portal', 'Archive', 'Training', 'Later', 'Long ago'];
const closeDates: Readonly<Record<string, string>> = { Later: '2026-03-10', 'Long ago': '2026-03-05' };

/** The deals of Ada's, each where it stands. */
const deals = (...states: string[]) =>
  names.map((name, index) =>
    rawRecord(name, [`deal:${name}`], {
      name,
      state: states[index],
      owner: 'email:ada@x.com',
      closeDate: closeDates[name] ?? '2026-03-20',
    }),
  );

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = officeScript();
  script['deals'] = {
    kind: 'opportunity',
    pages: [{ records: deals('PROPOSED', 'PROPOSED', 'PROPOSED', 'PROPOSED', 'PROPOSED') }],
  };
  office = await openOffice({ database, clock, script });
});
afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

/** Drafts an offer of a deal and has Grace say whether it can be delivered. */
async function review(deal: string, verdict: string): Promise<void> {
  const proposal = await take(
    office.ask,
    'createProposal',
    `opportunity: "${office.idOf(deal)}", terms: { price: { amount: "10000", currency: "EUR" } }`,
  );
  const id = await take(office.ask, 'requestReview', `proposal: "${proposal}"`);
  const reviewer = `reviewer: "${office.idOf('Grace')}"`;
  const other = ['timeline', 'resources', 'estimate'].map((aspect) => `${aspect}: { verdict: FEASIBLE }`).join(', ');
  await take(
    office.ask,
    'recordVerdict',
    `review: "${id}", ${reviewer}, scope: { verdict: ${verdict}, note: "As discussed." }, ${other}`,
  );
}

test('deals whose proposal passed a review before they closed are told from the others since there are reviews', async () => {
  await review('Portal', 'FEASIBLE');
  await review('Archive', 'NOT_FEASIBLE');
  clock.advance(11 * 86_400_000);
  await review('Later', 'FEASIBLE');
  script['deals']?.pages.push({ records: deals('WON', 'LOST', 'WON', 'LOST', 'WON') });
  await office.hub.sync();
  const { pipeline } = await office.ask<{
    pipeline: { rigourUplift: { value: string; inputs: { name: string; value: number }[] } };
  }>(
    `{ pipeline(from: "2026-01-01", to: "2026-03-31", currency: "EUR") { rigourUplift { value inputs { name value } } } }`,
  );
  expect(Object.fromEntries(pipeline.rigourUplift.inputs.map(({ name, value }) => [name, value]))).toEqual({
    reviewedWon: 1,
    reviewedLost: 0,
    unreviewedWon: 1,
    unreviewedLost: 2,
  });
  expect(pipeline.rigourUplift.value).toBe('0.66666666666666666667');
});
