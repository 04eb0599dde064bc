import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import { createRandom } from '../../packages/emulator/src/index.ts';
import { finished, run, type Ending, type Running, type RunOptions } from './cli.ts';
import { differences, readGraph, type Graph } from './graph.ts';
import { newPlace, startVendors, writeConfig, type ConfigChanges } from './place.ts';

/** CI runs this on both databases, and has half of the victims on each. */
const lots = process.env['CI'] ? (process.env['PLUMBLINE_TEST_DATABASE_URL'] ? [2, 3] : [0, 1]) : [0, 1, 2, 3];
/** Every victim is killed so often, one after the other in one data folder, before it may finish. */
const killsEach = 5;
const mostSteps = 12;

let vendors: Sandbox;
let changes: ConfigChanges;
let ending: Ending;
let undisturbed: Graph;

beforeAll(async () => {
  vendors = await startVendors();
  const keys = vendors.company.jira.batches();
  const projects = new Set<string>();
  for (const { issues } of keys) for (const { key } of issues) projects.add(key.split('-')[0] ?? key);
  changes = { config: { jira: { projects: [...projects].slice(0, 3) } } };
  const place = await newPlace();
  await writeConfig(place.folder, vendors, changes);
  ending = await finished(['sync', '--data', place.data], place);
  undisturbed = await readGraph(place.database);
  await place.remove();
});

afterAll(() => vendors.close());

test('the undisturbed run is whole', () => {
  expect(ending).toMatchObject({ code: 0, errors: [] });
  expect(undisturbed.oddVersions).toEqual([]);
  expect(undisturbed.quarantine).toEqual([]);
  for (const kind of ['opportunity', 'project', 'change_request', 'work_item', 'time_entry', 'rate'])
    expect([kind, undisturbed.entities[kind]?.length]).not.toEqual([kind, 0]);
});

test.each(lots)(
  'killed five times at random moments of its first sync, a hub ends with the graph of an undisturbed run (%i)',
  async (number) => {
    const random = createRandom(`victim ${number}`);
    const place = await newPlace();
    await writeConfig(place.folder, vendors, changes);
    // On a server, the job of a process that was killed is given back after its heartbeat is missed: half a minute.
    const embedded = place.database.engine === 'pglite';
    const command = embedded ? ['start', '--port', '0'] : ['sync'];
    for (let kill = 0; kill < killsEach; kill += 1) {
      const steps = random.integer(1, mostSteps);
      const afterwards = random.integer(0, 60);
      let seen = 0;
      const victim = run([...command, '--json', '--data', place.data], {
        ...place,
        onLine(line) {
          if (!line.startsWith('{"event":"progress"')) return;
          seen += 1;
          // Not a wait for something to happen: the moment itself is what is drawn by lot.
          if (seen === steps) setTimeout(() => victim.kill('SIGKILL'), afterwards);
        },
      });
      expect(await victim.ended).toEqual({ code: null, signal: 'SIGKILL' });
    }
    expect(await survive([...command, '--json', '--data', place.data], place)).toEqual({ code: 0, signal: null });
    const graph = await readGraph(place.database);
    expect(graph.oddVersions).toEqual([]);
    expect(differences(undisturbed, graph)).toEqual([]);
    await place.remove();
  },
  180_000,
);

/** Lets the command do all its work; `start` goes on for ever and is told to end when it is ready. */
async function survive(command: readonly string[], options: RunOptions): Promise<Ending> {
  const survivor: Running = run(command, options);
  if (command[0] === 'start') {
    await survivor.event('ready');
    survivor.kill('SIGTERM');
  }
  return survivor.ended;
}
