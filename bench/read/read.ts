import { silentLogger } from '@plumbline/connector';
import { openHub } from '@plumbline/hub';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { startChild } from '../child.ts';
import { median } from '../figures.ts';
import type { Line } from '../report.ts';
import { scratchDatabase } from '../scratch-database.ts';
import { questions } from './questions.ts';
import { seed, type Size } from './seed.ts';

const contestants = ['raw', 'hub', 'postgraphile'] as const;
type Contestant = (typeof contestants)[number];
const BAR = 0.4;

export interface ReadOptions {
  server: string;
  size: Size;
  /** How often each server is asked in turn. */
  rounds: number;
  /** How long a turn lasts. */
  seconds: number;
  /** Requests under way at any time. */
  connections: number;
}

/** Requests a second for a page of projects with what hangs on them, over HTTP, each server in its own process. */
export async function benchRead(options: ReadOptions): Promise<Line[]> {
  const scratch = await scratchDatabase(options.server);
  const children = new Map<Contestant, { url: string; stop(): Promise<void> }>();
  try {
    const hub = await openHub({
      database: { engine: 'postgresql', url: scratch.url },
      sources: [],
      logger: silentLogger,
    });
    await hub.close();
    await seed(scratch.url, options.size);
    const file = fileURLToPath(new URL('serve.ts', import.meta.url));
    for (const name of contestants) {
      const child = startChild(file, [name, scratch.url]);
      children.set(name, { stop: child.stop, url: await child.line() });
    }
    const rates: Record<Contestant, number[]> = { raw: [], hub: [], postgraphile: [] };
    for (const name of contestants) await turn(name, children.get(name)?.url ?? '', { ...options, seconds: 2 });
    for (let round = 0; round < options.rounds; round += 1) {
      for (const name of contestants) rates[name].push(await turn(name, children.get(name)?.url ?? '', options));
    }
    return lines(rates, options);
  } finally {
    for (const child of children.values()) await child.stop();
    await scratch.drop();
  }
}

/** Keeps so many requests under way for so long; answers the rate. Throws on an answer that is not the data. */
async function turn(name: Contestant, url: string, of: { seconds: number; connections: number }): Promise<number> {
  const pool = new Pool(url, { connections: of.connections, pipelining: 1 });
  const body = name === 'raw' ? '{}' : JSON.stringify({ query: questions[name] });
  const start = performance.now();
  const end = start + of.seconds * 1_000;
  let answered = 0;
  const ask = async (): Promise<void> => {
    while (performance.now() < end) {
      const answer = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
      });
      const bytes = await answer.body.bytes();
      if (answer.statusCode !== 200 || bytes.length < 20_000)
        throw new Error(`${name} answers ${answer.statusCode}: ${Buffer.from(bytes.subarray(0, 600)).toString()}`);
      answered += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: of.connections }, ask));
  } finally {
    await pool.close();
  }
  return (answered / (performance.now() - start)) * 1_000;
}

function lines(rates: Readonly<Record<Contestant, number[]>>, { size }: ReadOptions): Line[] {
  const rate = (name: Contestant): string => `${median(rates[name]).toFixed(0)} requests/s`;
  const ratio = (name: Contestant, to: Contestant): number =>
    median(rates[name].map((each, round) => each / (rates[to][round] ?? Number.NaN)));
  const what = `read, 50 projects with opportunity, 5 change requests, totals (${size.opportunities} / ${size.projects} / ${size.changeRequests} rows)`;
  return [
    { what, figure: rate('hub'), against: `${rate('raw')} raw pg server`, ratio: ratio('hub', 'raw'), bar: BAR },
    {
      what: '',
      figure: rate('hub'),
      against: `${rate('postgraphile')} PostGraphile 5`,
      ratio: ratio('hub', 'postgraphile'),
      bar: null,
    },
    {
      what: '(PostGraphile 5)',
      figure: rate('postgraphile'),
      against: `${rate('raw')} raw pg server`,
      ratio: ratio('postgraphile', 'raw'),
      bar: null,
    },
  ];
}
