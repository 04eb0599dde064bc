import { parseArgs } from 'node:util';
import { benchFigures } from './figures/figures.ts';
import { benchIngest } from './ingest/ingest.ts';
import { describeMachine } from './machine.ts';
import { benchRead } from './read/read.ts';
import { table, type Line } from './report.ts';
import { measureSync, memoryLines, pollLines, type SandboxSize } from './sync/sync.ts';

const benches = ['ingest', 'read', 'figures', 'memory', 'poll'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432/postgres' },
    rounds: { type: 'string', default: '3' },
    records: { type: 'string', default: '6000' },
    seconds: { type: 'string', default: '1.5' },
    minutes: { type: 'string', default: '5' },
    size: { type: 'string', default: 'large' },
  },
});
const unknown = positionals.filter((name) => !benches.some((each) => each === name));
if (unknown.length > 0) throw new Error(`There is no bench "${unknown[0]}"; there are: ${benches.join(', ')}.`);
const wanted = positionals.length === 0 ? benches : benches.filter((name) => positionals.includes(name));

const server = values.database;
const synced = new Map<SandboxSize, ReturnType<typeof measureSync>>();

/** The sync of a size, once for all benches that look at it. */
function syncOf(size: SandboxSize): ReturnType<typeof measureSync> {
  const known = synced.get(size) ?? measureSync(size, { server, seconds: Number(values.minutes) * 60 });
  synced.set(size, known);
  return known;
}

async function run(name: (typeof benches)[number]): Promise<Line[]> {
  const rounds = Number(values.rounds);
  const size: SandboxSize = values.size === 'small' ? 'small' : 'large';
  switch (name) {
    case 'ingest':
      return benchIngest({ server, rounds, records: Number(values.records) });
    case 'read':
      return benchRead({
        server,
        // Short turns and many: the speed of a shared machine drifts.
        rounds: 4 * rounds,
        seconds: Number(values.seconds),
        connections: 8,
        size: { opportunities: 50_000, projects: 10_000, changeRequests: 100_000 },
      });
    case 'figures':
      return benchFigures({ server, rounds: 5 * rounds });
    case 'memory':
      return memoryLines(size, await syncOf(size));
    case 'poll':
      return pollLines(await syncOf('small'), await syncOf(size));
  }
}

const lines: Line[] = [];
for (const name of wanted) lines.push(...(await run(name)));
console.log(`${await describeMachine(server)}\n\n${table(lines)}`);
