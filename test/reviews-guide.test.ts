import { manualClock, silentLogger } from '@plumbline/connector';
import { createApi, openHub } from '@plumbline/hub';
import { tellStory, type Sandbox } from '@plumbline/sandbox';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finished } from './journeys/cli.ts';
import { newPlace, startVendors, unhurried, writeConfig, type Place } from './journeys/place.ts';

const page = readFileSync(new URL('../docs/reviews.md', import.meta.url), 'utf8');
const clock = manualClock('2026-11-23T08:00:00Z');
let place: Place;
let vendors: Sandbox;

beforeAll(async () => {
  place = await newPlace();
  vendors = await startVendors();
}, 60_000);

afterAll(async () => {
  await vendors.close();
  await place.remove();
});

/** What a guide needs of Jira is there with a few projects, which are read in a moment. */
function ofFewProjects(source: Sandbox['sources'][number]): Sandbox['sources'][number] {
  const projects = new Set<string>();
  for (const { issues } of vendors.company.jira.batches())
    for (const { key } of issues) projects.add(key.split('-')[0] ?? key);
  const few = source.id === 'jira' ? { projects: [...projects].slice(0, 12) } : {};
  return { ...source, config: { ...(source.config as object), ...few } };
}

interface Example {
  query: string;
  answer: unknown;
}

/** Every query of the page, and the answer that stands below it, if one does. */
function examples(): Example[] {
  return [...page.matchAll(/```graphql\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)].map(([, query, answer]) => ({
    query: query ?? '',
    answer: answer === undefined ? null : JSON.parse(answer),
  }));
}

interface Pack {
  figures?: { metric: { name: string; value: string | null }; status: string | null; suggestion: string | null }[];
  questions?: unknown[];
  obstacles?: unknown[];
  closeNeeds?: unknown[];
  narratives?: unknown[];
}

interface Data {
  takeSnapshot?: { message?: string; data?: { id: string } };
  reviewPack?: Pack;
  reportsMissed?: { client: { name: string }; dueOn: string }[];
  reportsNotSent?: { client: { name: string }; dueOn: string; report: { id: string; sendings: unknown[] } }[];
  reportSent?: { message?: string; data?: { sendings: { to: string }[] } };
  snapshot?: { compare: { sameInputs: boolean; caveats: string[]; moves: unknown[] } };
}

test('the queries of the page do what it says at the sandbox company, in their order', async () => {
  const hub = await openHub({
    database: place.database,
    sources: vendors.sources.map(unhurried).map(ofFewProjects),
    logger: silentLogger,
    clock,
    clientStatus: { firm: 'Kestrel & Vale' },
  });
  try {
    await hub.sync();
    const api = createApi(hub);
    const ask = async (query: string, variables: Record<string, unknown>): Promise<Data> => {
      const { data, errors } = await api.query(query, variables);
      expect(errors).toBeUndefined();
      return JSON.parse(JSON.stringify(data)) as Data;
    };
    const story = await tellStory({ fetch: api.fetch, today: '2026-11-20', now: clock.now(), token: null });
    const variables: Record<string, unknown> = { client: story?.client.id };
    const all = examples();
    expect(all.length).toBe(11);
    const packs: Pack[] = [];
    const comparisons: Data['snapshot'][] = [];
    const missed: NonNullable<Data['reportsMissed']> = [];
    const unsent: NonNullable<Data['reportsNotSent']> = [];
    for (const { query, answer } of all) {
      if (query.includes('NextMonday')) clock.set(Temporal.Instant.from('2026-11-30T08:00:00Z'));
      if (query.includes('reportsMissed')) clock.set(Temporal.Instant.from('2026-12-01T08:00:00Z'));
      const data = await ask(query, variables);
      expect(answer ? data : (data.takeSnapshot?.message ?? data.reportSent?.message ?? null)).toEqual(answer);
      if (data.takeSnapshot) variables[variables['before'] ? 'after' : 'before'] ??= data.takeSnapshot.data?.id;
      if (data.reviewPack) packs.push(data.reviewPack);
      if (data.snapshot) comparisons.push(data.snapshot);
      if (data.reportsMissed) missed.push(...data.reportsMissed);
      if (data.reportsNotSent) unsent.push(...data.reportsNotSent);
      variables['report'] ??= data.reportsNotSent?.[0]?.report.id;
    }
    expect(missed).toMatchObject([{ client: { name: story?.client.name }, dueOn: '2026-11-30' }]);
    expect(unsent).toMatchObject([
      { client: { name: story?.client.name }, dueOn: '2026-11-30', report: { sendings: [] } },
    ]);
    expect(await ask('{ reportsMissed { dueOn } reportsNotSent { dueOn report { id } } }', {})).toEqual({
      reportsMissed: [],
      reportsNotSent: [],
    });
    const [portfolio, sales] = packs;
    const named = new Map(portfolio?.figures?.map((figure) => [figure.metric.name, figure]));
    expect(named.get('leakedTime')).toMatchObject({ status: 'BAD', suggestion: expect.any(String) });
    expect(named.get('margin')?.metric.value).not.toBe(null);
    expect(named.get('netUtilisation')?.status).not.toBe(null);
    expect(sales?.questions).toHaveLength(10);
    expect([sales?.obstacles?.length, sales?.closeNeeds?.length]).toEqual([2, 3]);
    expect(sales?.narratives?.length).toBeGreaterThan(10);
    // A week has gone by: what should have been won by now has grown, and nothing else has happened.
    expect(comparisons[0]?.compare).toMatchObject({
      sameInputs: false,
      caveats: ['On 2026-11-30 08:00 UTC, what had been read was not fresh: google-sheets, hubspot, jira.'],
    });
  } finally {
    await hub.close();
  }
}, 240_000);

/** Gives a command line of the page, with what its words in capitals stand for. */
async function give(line: string, meant: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const config = await writeConfig(place.folder, vendors);
  const words = [...line.replace('npx -y pnpm plumbline ', '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? meant[plain ?? ''] ?? plain ?? '',
  );
  const ending = await finished([...words, '--config', config, '--data', place.data], {
    folder: place.folder,
    environment: place.environment,
  });
  const said = ending.errors.filter((each) => !each.startsWith('It is kept as the snapshot '));
  expect([said, ending.code]).toEqual([[], 0]);
  return [...ending.lines];
}

/** The lines of the page's blocks of commands, one block after the other. */
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text.trim().split('\n'));

test('the commands of the page write what it says', async () => {
  const [lines = []] = commands;
  expect(lines).toHaveLength(3);
  const printed: string[] = [];
  for (const line of lines) printed.push((await give(line)).join('\n'));
  expect(printed[0]).toContain('# Review of the whole portfolio: sales and delivery');
  for (const heading of [
    '## Figures',
    '## Suggested decisions',
    '## What to ask',
    '## Open deals',
    '## Projects under way',
  ])
    expect(printed[0]).toContain(heading);
  expect(await readFile(join(place.folder, 'sales.html'), 'utf8')).toContain(
    '<h1>Review of the team Sales: sales</h1>',
  );
  const delivery = JSON.parse(await readFile(join(place.folder, 'delivery.json'), 'utf8')) as {
    lens: string;
    scope: unknown;
    figures: unknown[];
  };
  expect(delivery).toMatchObject({ lens: 'DELIVERY', scope: { kind: 'TEAM', team: 'Delivery office' } });
  expect(delivery.figures.length).toBeGreaterThan(10);
}, 120_000);

test('a review is kept, found again and compared by the commands of the page', async () => {
  const [keep = '', list = '', sinceThen = '', between = '', ...others] = commands[1] ?? [];
  expect(others).toEqual([]);
  await give(keep);
  expect(await readFile(join(place.folder, 'october.md'), 'utf8')).toContain('# Review of the whole portfolio');
  const listed = await give(list);
  // Last week's sales review of the story, two of the queries of the page, and the one of the command.
  expect(listed.filter((line) => / UTC: sales, in EUR, by \S+$/.test(line))).toHaveLength(1);
  const ids = listed.flatMap((line, index) =>
    / UTC: sales and delivery, in EUR, by \S+$/.test(line) ? [listed[index + 1]?.trim() ?? ''] : [],
  );
  expect([listed.length, ids.length]).toEqual([8, 3]);
  const [NOVEMBER = '', OCTOBER = ''] = ids;
  const text = (await give(sinceThen, { OCTOBER })).join('\n');
  expect(text).toContain('# What moved in the review of the whole portfolio: sales and delivery');
  for (const part of [
    ', which is now, in EUR.',
    '## Figures',
    '| Figure ',
    '| Change',
    '## How they stand',
    '## Suggested decisions',
  ])
    expect(text).toContain(part);
  const tables = text.split('\n').filter((line) => line.startsWith('| '));
  expect(tables.length).toBeGreaterThan(30);
  expect(tables.filter((line) => line.length > 100)).toEqual([]);
  await give(between, { OCTOBER, NOVEMBER });
  expect(await readFile(join(place.folder, 'november.html'), 'utf8')).toContain(
    '<th scope="col" class="number">Change</th>',
  );
  const [line = ''] = await give(`compare ${OCTOBER} ${NOVEMBER} --json`);
  expect(JSON.parse(line)).toMatchObject({
    id: OCTOBER,
    scope: { kind: 'PORTFOLIO' },
    compare: { caveats: expect.any(Array), moves: expect.any(Array) },
  });
}, 120_000);

test('what cannot be compared is refused with a sentence, which says where ids are listed', async () => {
  const config = await writeConfig(place.folder, vendors);
  const refusal = async (...ids: string[]): Promise<string> => {
    const { code, errors } = await finished(['compare', ...ids, '--config', config, '--data', place.data], {
      folder: place.folder,
      environment: place.environment,
    });
    expect(code).toBe(1);
    return errors.join(' ');
  };
  const listed = 'List those of a scope with `plumbline snapshots`, such as `plumbline snapshots --portfolio`.';
  expect(await refusal('october')).toBe(
    `"october" is not an id of this graph. Use an \`id\` that a query returned. ${listed}`,
  );
  const nobodys = Buffer.from(`ReportSnapshot:${randomUUID()}`).toString('base64url');
  expect(await refusal(nobodys)).toBe(`There is no snapshot ${nobodys}. ${listed}`);
}, 60_000);

test('a person is found by name or e-mail address, a client by name, and nobody by what is neither', async () => {
  const config = await writeConfig(place.folder, vendors);
  const run = (...words: string[]) =>
    finished([...words, '--config', config, '--data', place.data], {
      folder: place.folder,
      environment: place.environment,
    });
  const asked = await run(
    'query',
    '{ opportunities(first: 1, filter: { state: { eq: SCOPING } }) { nodes { client { name } owner { name email } } } }',
  );
  const { data } = JSON.parse(asked.lines.join('\n')) as {
    data: { opportunities: { nodes: { client: { name: string }; owner: { name: string; email: string } }[] } };
  };
  const [deal] = data.opportunities.nodes;
  const report = async (flag: string, value: string | undefined, ...more: string[]) =>
    run('report', flag, value ?? '', '--lens', 'sales', '--currency', 'EUR', '--json', ...more);
  for (const [flag, value] of [
    ['--person', deal?.owner.name],
    ['--person', deal?.owner.email],
  ] as const)
    expect(JSON.parse((await report(flag, value)).lines[0] ?? '')).toMatchObject({
      scope: { kind: 'PERSON', person: { name: deal?.owner.name } },
    });
  expect(JSON.parse((await report('--client', deal?.client.name)).lines[0] ?? '')).toMatchObject({
    scope: { kind: 'CLIENT', client: { name: deal?.client.name } },
  });
  const asOf = '2026-11-21T08:00:00Z';
  expect(JSON.parse((await report('--client', deal?.client.name, '--as-of', asOf)).lines[0] ?? '')).toMatchObject({
    asOf,
    movements: expect.any(Array),
    projects: expect.any(Array),
  });
  expect((await report('--person', 'Nobody')).errors.join(' ')).toContain('"Nobody" is not an id of this graph.');
}, 120_000);

test('a review of nobody, and of two at once, is refused with a sentence', async () => {
  const config = await writeConfig(place.folder, vendors);
  for (const scope of [[], ['--portfolio', '--team', 'Sales']]) {
    const { code, errors } = await finished(
      ['report', ...scope, '--currency', 'EUR', '--config', config, '--data', place.data],
      { folder: place.folder, environment: place.environment },
    );
    expect([code, errors.join(' ')]).toEqual([
      1,
      'A review is of exactly one scope. Give one of --person, --team, --client and --portfolio.',
    ]);
  }
}, 60_000);
