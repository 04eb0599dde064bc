import { silentLogger, type Connector } from '@plumbline/connector';
import { openHub, type SourceOptions } from '@plumbline/hub';
import { emptyDatabase } from '@plumbline/hub/test-database';
import type { Check } from './check.ts';
import { demandHonesty } from './checks.ts';
import { crashable } from './crash.ts';
import { openDoor } from './door.ts';
import { createClocks, createStand, type Reader, type Stand } from './stand.ts';
import { createSteering, steered } from './steering.ts';
import type { Conformance, Subject } from './subject.ts';

const ORDINARY_START = '2026-06-15T12:00:00Z';

/** A check of a connector, to be made. */
export interface Task {
  conformance: Conformance;
  check: Check;
}

/** One hub with a source for every task, so that a database is opened once. */
export interface Bench {
  /** Makes the task's check; throws a Violation. A task can be made once. */
  make(task: Task): Promise<void>;
  close(): Promise<void>;
}

interface Prepared {
  task: Task;
  subject: Subject;
  readers: readonly [Reader, ...Reader[]];
}

/** Opens a vendor account for every task and a hub over all of them: in memory, or on the server that is named for tests. */
export async function openBench(tasks: readonly Task[]): Promise<Bench> {
  const clocks = createClocks();
  const sources: SourceOptions[] = [];
  const prepared: Prepared[] = [];
  for (const [number, task] of tasks.entries()) {
    clocks.vendor.set(startOf(task.check));
    const { start: _, ...setting } = task.check.setting ?? {};
    const subject = await task.conformance.open({
      clock: clocks.vendor,
      zone: 'UTC',
      pages: 'few',
      ambiguousMinutes: 'earlier',
      ...setting,
    });
    demandHonesty(subject, task.conformance);
    const installed = Array.from({ length: task.check.readers ?? 1 }, (_, reader) =>
      install({ task, subject, id: `check-${number}-${reader}`, account: `check-${number}` }),
    );
    sources.push(...installed.map(({ source }) => source));
    prepared.push({ task, subject, readers: installed.map(({ reader }) => reader) as [Reader, ...Reader[]] });
  }
  const database = await emptyDatabase({ durable: false });
  const hub = await openHub({ database: database.target, logger: silentLogger, clock: clocks.hub, sources });
  const crasher = crashable(hub.database);
  const door = await openDoor((sourceId, request) => hub.webhooks.receive(sourceId, request));
  hub.webhooks.callAt(door.url);
  return {
    async make(task) {
      const found = prepared.find((each) => each.task === task);
      if (!found) throw new RangeError(`The bench was not opened for "${task.check.name}".`);
      clocks.vendor.set(startOf(task.check));
      clocks.skew(0);
      const { conformance } = task;
      const { subject, readers } = found;
      const stand: Stand = createStand({ hub, conformance, subject, clocks, crasher, readers, door });
      await task.check.run(stand);
    },
    async close() {
      await door.close();
      await hub.close();
      await Promise.all(prepared.map(({ subject }) => subject.close()));
      await database.drop();
    },
  };
}

interface Installing {
  task: Task;
  subject: Subject;
  id: string;
  account: string;
}

function install(input: Installing): { source: SourceOptions; reader: Reader } {
  const { conformance } = input.task;
  const { kind, field } = conformance.shows;
  const steering = createSteering();
  const source: SourceOptions = {
    id: input.id,
    connector: ofAccount(steered(conformance.connector, conformance.stream, steering), input.account),
    config: input.subject.config,
    secrets: input.subject.secrets,
    realm: input.id,
  };
  const place = {
    sourceId: input.id,
    stream: conformance.stream,
    kind,
    table: snakeCase(kind),
    column: snakeCase(field),
  };
  return { source, reader: { place, steering } };
}

/** The vendors of all checks let the same account in; what one of them makes it wait for is none of the others' business. */
function ofAccount(connector: Connector, name: string): Connector {
  return {
    ...connector,
    install(source) {
      const installed = connector.install(source);
      return { ...installed, account: installed.account === null ? null : `${installed.account} ${name}` };
    },
  };
}

function startOf(check: Check): Temporal.Instant {
  return Temporal.Instant.from(check.setting?.start ?? ORDINARY_START);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
