import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { rawRecord } from '../../test/memory-connector.ts';
import { openReviewed, reviewedScript } from '../../test/reviewed.ts';

const clock = manualClock('2026-03-06T10:00:00Z');
const eur = (amount: string) => ({ amount, currency: 'EUR' });
let database: TestDatabase;
let office: Awaited<ReturnType<typeof openReviewed>>;
let script: ReturnType<typeof reviewedScript>;

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  script = reviewedScript();
  office = await openReviewed({ database, clock, script });
});

afterAll(async () => {
  await office.hub.close();
  await database.drop();
});

interface Figure {
  metric: { name: string; value: string | null; reason: string | null };
  target: string | null;
  threshold: string | null;
  status: string | null;
  reason: string;
  suggestion: string | null;
}

async function figures(scope: string, lens: string): Promise<Record<string, Figure>> {
  const { reviewPack } = await office.ask<{ reviewPack: { figures: Figure[] } }>(
    `{ reviewPack(scope: ${scope}, lens: ${lens}, currency: "EUR") { figures {
      metric { name value reason } target threshold status reason suggestion } } }`,
  );
  return Object.fromEntries(reviewPack.figures.map((figure) => [figure.metric.name, figure]));
}

/** Value, target, threshold and status of a figure. */
const brief = (figure: Figure | undefined) =>
  figure && [figure.metric.value, figure.target, figure.threshold, figure.status];

test('the figures of sales are of the quarter, each with what it is measured by and what it suggests', async () => {
  const found = await figures('{ portfolio: true }', 'SALES');
  expect(Object.keys(found)).toEqual([
    'openPipeline',
    'weightedPipeline',
    'quotaAttainment',
    'pipelineCoverage',
    'remainingQuotaCoverage',
    'winRate',
  ]);
  expect(brief(found['openPipeline'])).toEqual(['150000', null, null, null]);
  expect(found['openPipeline']?.reason).toBe('Nobody has set a target for it.');
  // 100,000 at 0.5 and 50,000 at 0.2.
  expect(brief(found['weightedPipeline'])).toEqual(['60000', null, null, null]);
  // 65 of 90 days are over; 40,000 of 100,000 are won.
  expect(brief(found['quotaAttainment'])).toEqual(['0.4', '0.722222', '0.5416665', 'BAD']);
  expect(found['quotaAttainment']).toMatchObject({
    reason: 'It is beneath its threshold.',
    suggestion: 'Lower the forecast of this quarter, and decide which deals get help this week.',
  });
  expect(brief(found['pipelineCoverage'])).toEqual(['1.5', '3', '1', 'WATCH']);
  expect(brief(found['remainingQuotaCoverage'])).toEqual(['2.5', '2', '1', 'GOOD']);
  expect(brief(found['winRate'])).toEqual(['0.5', '0.6', '0.55', 'BAD']);
});

test('a person is measured by their own deals, quota and target; a client has no quota', async () => {
  const ada = await figures(`{ person: "${office.idOf('Ada')}" }`, 'SALES');
  expect(brief(ada['openPipeline'])).toEqual(['100000', null, null, null]);
  expect(brief(ada['pipelineCoverage'])).toEqual(['1', '3', '1', 'WATCH']);
  expect(brief(ada['winRate'])).toEqual(['0.5', '0.4', '0.35', 'GOOD']);
  expect(await figures('{ team: "North" }', 'SALES')).toMatchObject({
    openPipeline: { metric: { value: '100000' } },
    winRate: { target: '0.6' },
  });
  const { clients } = await office.ask<{ clients: { nodes: { id: string }[] } }>('{ clients { nodes { id } } }');
  expect(Object.keys(await figures(`{ client: "${clients.nodes[0]?.id}" }`, 'SALES'))).toEqual([
    'openPipeline',
    'weightedPipeline',
    'winRate',
  ]);
});

test('the figures of delivery are of the projects under way, measured by targets of the sheet and by the limits of warnings', async () => {
  const found = await figures('{ portfolio: true }', 'DELIVERY');
  // A quarter of the work is done for 3,600 of 300,000, so all of it would cost 14,400 of 500,000.
  expect(brief(found['margin'])).toEqual(['0.9712', '0.45', '0.4', 'GOOD']);
  expect(brief(found['leakedTime'])).toEqual(['144000', '0', '0', 'BAD']);
  expect(found['leakedTime']?.suggestion).toContain('every hour that nobody ordered');
  expect(brief(found['revenueAtRisk'])?.[0]).toBe('6000');
  expect(found['netUtilisation']).toMatchObject({ metric: { value: null }, status: null });
  expect(found['netUtilisation']?.reason).toBe(found['netUtilisation']?.metric.reason);
  expect(found['openPipeline']).toBeUndefined();
  expect(await figures('{ team: "South" }', 'DELIVERY')).toMatchObject({ margin: { metric: { value: null } } });
});

test('each figure says how far the deals or projects that it is computed of can be relied on, and what lowers it', async () => {
  const { reviewPack } = await office.ask<{ reviewPack: { figures: Rated[]; document: string } }>(
    `{ reviewPack(scope: { portfolio: true }, currency: "EUR") { document(form: MARKDOWN) figures { metric { name }
      quality { records isLow threshold figure { value } shortfalls { field problem count } } } } }`,
  );
  const found = Object.fromEntries(reviewPack.figures.map(({ metric, quality }) => [metric.name, quality]));
  const brief = (name: string) => [found[name]?.records, found[name]?.figure.value, found[name]?.isLow];
  // Without pipeline, stage and next step: 14 of 20 given. What is closed needs no next step: 12 of 16.
  expect(found['openPipeline']).toEqual({
    records: 2,
    isLow: true,
    threshold: '0.95',
    figure: { value: '0.88' },
    shortfalls: ['nextStep', 'pipeline', 'stage'].map((field) => ({ field, problem: 'It is missing.', count: 2 })),
  });
  expect(found['pipelineCoverage']).toEqual(found['openPipeline']);
  expect(brief('winRate')).toEqual([2, '0.9', true]);
  expect(brief('quotaAttainment')).toEqual([1, '0.9', true]);
  // 20 of 28.
  expect(brief('remainingQuotaCoverage')).toEqual([3, expect.stringMatching(/^0\.8857142/), true]);
  // The project has neither a code nor a deal.
  expect(brief('margin')).toEqual([1, '0.92', true]);
  expect(found['netUtilisation']).toBe(null);
  expect(reviewPack.document).toContain('| Open pipeline † |');
  expect(reviewPack.document).toContain('| Net utilisation |');
  expect(reviewPack.document).toContain(
    '- Open pipeline, Weighted pipeline, Pipeline coverage: 88 %, of 2 deals. Next step (2): It is missing.',
  );
});

interface Rated {
  metric: { name: string };
  quality: { records: number; isLow: boolean; figure: { value: string } } | null;
}

test('what moved says who, which record, and what it was before; the first sync is no movement', async () => {
  const ask = (query: string) => office.ask<{ reviewPack: { movements: unknown[]; counts: unknown } }>(query);
  const movements = `movements { record { ... on Opportunity { name } ... on ChangeRequest { title } } operation field before after by at }`;
  const query = `{ reviewPack(scope: { portfolio: true }, currency: "EUR") { since counts { movements unreadRecords } ${movements} } }`;
  expect((await ask(query)).reviewPack).toMatchObject({ since: '2026-02-27T10:00:00Z', movements: [] });
  clock.set(Temporal.Instant.from('2026-03-09T08:00:00Z'));
  script['deals']?.pages.push({
    records: [
      rawRecord('portal', ['deal:portal'], {
        name: 'Portal',
        owner: 'email:grace@x.com',
        client: 'client:acme',
        state: 'PROPOSED',
        amount: eur('90000'),
        probability: '0.5',
        closeDate: '2026-04-15',
      }),
    ],
  });
  await office.hub.sync();
  clock.set(Temporal.Instant.from('2026-03-09T09:00:00Z'));
  await office.ask(
    `mutation { captureChangeRequest(project: "${office.idOf('Rollout')}", title: "Export") { __typename } }`,
  );
  const { reviewPack } = await ask(query);
  expect(reviewPack.counts).toEqual({ movements: 4, unreadRecords: 0 });
  const portal = { record: { name: 'Portal' }, operation: 'UPDATED', by: 'tracker', at: '2026-03-09T08:00:00Z' };
  expect(reviewPack.movements).toEqual([
    {
      record: { title: 'Export' },
      operation: 'CREATED',
      field: null,
      before: null,
      after: null,
      by: 'test-key',
      at: '2026-03-09T09:00:00Z',
    },
    { ...portal, field: 'amount', before: eur('100000'), after: eur('90000') },
    { ...portal, field: 'closeDate', before: '2026-03-20', after: '2026-04-15' },
    { ...portal, field: 'owner', before: office.idOf('Ada'), after: office.idOf('Grace') },
  ]);
});

test('obstacles, questions and views stand beside the numbers, and the document says all of it with its words escaped', async () => {
  await office.ask(
    `mutation { checkIn(subject: "${office.idOf('Portal')}", perspective: SELLER, confidence: "0.8", text: "They <b>love</b> it | really",
      obstacles: [{ title: "No budget *yet*", due: "2026-03-01", owner: "${office.idOf('Grace')}" }]) { __typename } }`,
  );
  const { reviewPack } = await office.ask<{ reviewPack: Record<string, never> & { markdown: string; html: string } }>(
    `{ reviewPack(scope: { portfolio: true }, currency: "EUR") {
      counts { opportunities projects obstacles narratives } obstacles { title } closeNeeds { title }
      narratives { text confidence opportunity { name } } opportunities { name } projects { name }
      questions { rule severity record { ... on Opportunity { name } } }
      markdown: document(form: MARKDOWN) html: document(form: HTML) } }`,
  );
  expect(reviewPack).toMatchObject({
    counts: { opportunities: 2, projects: 1, obstacles: 1, narratives: 1 },
    obstacles: [{ title: 'No budget *yet*' }],
    closeNeeds: [],
    narratives: [{ text: 'They <b>love</b> it | really', confidence: '0.8', opportunity: { name: 'Portal' } }],
    opportunities: [{ name: 'Archive' }, { name: 'Portal' }],
    projects: [{ name: 'Rollout' }],
  });
  expect(reviewPack.questions).toContainEqual({
    rule: 'OBSTACLE_OVERDUE',
    severity: 'MEDIUM',
    record: { name: 'Portal' },
  });
  const { markdown, html } = reviewPack;
  expect(markdown).toContain('# Review of the whole portfolio: sales and delivery');
  expect(markdown).toContain('| Open pipeline † | EUR 50,000.00 |');
  expect(markdown).toContain('| 2026-03-09 08:00 UTC | Portal | close date | 2026-03-20 | 2026-04-15 | tracker |');
  expect(markdown).toContain('| Portal | seller | 80 % | They \\<b\\>love\\</b\\> it \\| really |');
  expect(markdown).toContain('| No budget \\*yet\\* | in the way | Grace | 0 days | 2026-03-01 |');
  expect(html).toContain('They &lt;b&gt;love&lt;/b&gt; it | really');
  expect(html).not.toContain('<b>');
});

test('what is asked wrongly is refused by the name of its argument', async () => {
  const wrong = async (args: string): Promise<string> =>
    String(await office.ask(`{ reviewPack(${args}) { since } }`).catch((error: unknown) => error));
  expect(await wrong('scope: {}, currency: "EUR"')).toContain('A review is of exactly one scope.');
  expect(await wrong('scope: { portfolio: true, team: "North" }, currency: "EUR"')).toContain('exactly one scope');
  expect(await wrong('scope: { team: "Nord" }, currency: "EUR"')).toMatch(
    /Nobody is in a team called \\"Nord\\"\. There are North, South\./,
  );
  expect(await wrong(`scope: { person: "${office.idOf('Rollout')}" }, currency: "EUR"`)).toContain(
    'The id is one of a Project.',
  );
  expect(await wrong('scope: { portfolio: true }, currency: "euro"')).toContain('ISO 4217');
  expect(await wrong('scope: { portfolio: true }, currency: "EUR", since: "2027-01-01T00:00:00Z"')).toContain(
    '`since` is',
  );
  expect(await wrong('scope: { portfolio: true }, currency: "EUR", asOf: "2027-01-01T00:00:00Z"')).toContain(
    'still to come',
  );
});

const remembering = (history: readonly object[], ...of: Parameters<typeof rawRecord>): ReturnType<typeof rawRecord> => {
  const record = rawRecord(...of);
  return { ...record, payload: { ...(record.payload as object), history } };
};

const numbers = (until: number, from: number) => Array.from({ length: until - from }, (_, index) => from + index);
/** Syncs so many more deals and projects. */
async function grow(deals: readonly number[], projects: readonly number[]): Promise<void> {
  const at = clock.now().toString();
  const history = [{ field: 'nextStep', at, value: 'Call', by: 'email:grace@x.com' }];
  script['deals']?.pages.push({
    records: deals.map((n) =>
      remembering(history, `d${n}`, [`deal:d${n}`], {
        name: `Deal ${n}`,
        state: 'SCOPING',
        owner: 'email:ada@x.com',
        client: 'client:acme',
        amount: eur('1000'),
        closeDate: '2026-03-30',
      }),
    ),
  });
  script['projects']?.pages.push({
    records: projects.map((n) =>
      rawRecord(`p${n}`, [`project:p${n}`], {
        name: `Project ${n}`,
        status: 'ACTIVE',
        client: 'client:acme',
        currency: 'EUR',
      }),
    ),
  });
  clock.advance(3_600_000);
  await office.hub.sync();
}

test('a review of 200 deals and 60 projects takes as many statements as one of 10', async () => {
  // Each part in a request of its own: what two of them read at the same moment would be one statement, now and then.
  const parts = [
    'figures { metric { name value } status quality { isLow figure { value } shortfalls { field count } } }',
    'leftOut { project { name } }',
    'counts { opportunities projects movements unreadRecords obstacles closeNeeds questions narratives }',
    'movements(first: 100) { record { id } by person { name } before after }',
    'questions(first: 100) { text record { id } }',
    'obstacles { title } narratives { text }',
    'opportunities(first: 100) { name client { name } owner { name } }',
    'projects(first: 100) { name client { name } manager { name } }',
    'document(form: HTML)',
  ].map((part) => `{ reviewPack(scope: { portfolio: true }, currency: "EUR") { ${part} } }`);
  // Through another lens, so that movements begin where they did.
  const scope = 'scope: { portfolio: true }, lens: DELIVERY';
  await office.ask(`mutation { takeSnapshot(${scope}, currency: "EUR") { __typename } }`);
  parts.push(`{ snapshots(${scope}, first: 1) { compare { document(form: HTML) } } }`);
  const statements = async (): Promise<{ counts: unknown; each: number[] }> => {
    let counts: unknown;
    const each: number[] = [];
    for (const part of parts) {
      const spy = vi.spyOn(office.hub.database.reader.getExecutor(), 'executeQuery');
      const { reviewPack } = await office.ask<{ reviewPack?: { counts?: unknown } }>(part);
      each.push(spy.mock.calls.length);
      spy.mockRestore();
      counts ??= reviewPack?.counts;
    }
    return { counts, each };
  };
  await grow(numbers(8, 0), numbers(4, 0));
  const few = await statements();
  await grow(numbers(198, 8), numbers(59, 4));
  const many = await statements();
  expect([few.counts, many.counts]).toMatchObject([
    { opportunities: 10, projects: 5 },
    { opportunities: 200, projects: 60 },
  ]);
  // The latest movements may be of fewer kinds than before, and then less is read. What two readers want at the same moment
  // is one statement, and on a busy machine now and then two; a statement for each of the 190 more deals would be 190.
  const byChance = 3;
  expect(many.each.filter((count, part) => count > (few.each[part] ?? 0) + byChance)).toEqual([]);
  expect(Math.max(...few.each)).toBeLessThan(80);
});

test('beyond 500 deals and projects the first ones are gone through, and figures are of all of them, of one state', async () => {
  await grow(numbers(520, 198), numbers(520, 59));
  const { reviewPack } = await office.ask<{ reviewPack: { document: string } }>(
    `{ reviewPack(scope: { portfolio: true }, lens: SALES, currency: "EUR") { counts { opportunities }
      figures { metric { name value } } document(form: MARKDOWN) } }`,
  );
  // Archive, Portal, which closes in the next quarter, and 520 of 1,000.
  expect(reviewPack).toMatchObject({
    counts: { opportunities: 522 },
    figures: expect.arrayContaining([{ metric: { name: 'openPipeline', value: '570000' } }]),
  });
  expect(reviewPack.document).toContain('472 more not shown.');
  const spy = vi.spyOn(office.hub.database.reader, 'transaction');
  const { reviewPack: delivery } = await office.ask<{ reviewPack: { leftOut: unknown[]; document: string } }>(
    `{ reviewPack(scope: { portfolio: true }, lens: DELIVERY, currency: "EUR") { counts { projects leftOut }
      figures { metric { name value } } leftOut(first: 100) { reason } document(form: MARKDOWN) } }`,
  );
  expect(spy).toHaveBeenCalledTimes(1);
  spy.mockRestore();
  // Rollout, of which alone enough is known, and 520 more.
  expect(delivery).toMatchObject({
    counts: { projects: 521, leftOut: 520 },
    figures: expect.arrayContaining([
      { metric: expect.objectContaining({ name: 'leakedTime', value: '144000' }) as unknown },
    ]),
  });
  expect(delivery.leftOut).toHaveLength(100);
  expect(delivery.document).toContain('471 more not shown.');
});
