import {
  createBudget,
  createTransport,
  fieldsOf,
  kindNames,
  parseRecord,
  redactor,
  silentLogger,
  type AnyRecord,
  type Check,
  type Clock,
  type InstalledConnector,
  type Key,
  type KindName,
  type PollContext,
} from '@plumbline/connector';
import type { SandboxSource } from './sources.ts';

/** What three connectors brought, as a hub would see it. */
export interface Synced {
  records: readonly AnyRecord[];
  quarantine: readonly { source: string; stream: string; id: string; error: string }[];
  checks: readonly (Check & { source: string })[];
  /** Requests by source. */
  requests: Readonly<Record<string, number>>;
}

/** Reads every stream of every source once, from the beginning, through transport and HTTP. */
export async function readEverything(sources: readonly SandboxSource[], clock: Clock): Promise<Synced> {
  const records: AnyRecord[] = [];
  const quarantine: { source: string; stream: string; id: string; error: string }[] = [];
  const checks: (Check & { source: string })[] = [];
  const requests: Record<string, number> = {};
  for (const source of sources) {
    const installed = source.connector.install(source);
    const context = contextFor(source.id, installed, clock);
    checks.push(...(await installed.check(context)).map((check) => ({ ...check, source: source.id })));
    for (const stream of installed.streams) {
      const payloads = new Map<string, unknown>();
      for await (const page of stream.poll(context, null)) {
        for (const { id, payload } of page.records) payloads.set(id, payload);
        for (const { id } of page.deletes ?? []) payloads.delete(id);
      }
      for (const [id, payload] of payloads) {
        try {
          records.push(...stream.map(payload).map(parseRecord));
        } catch (error) {
          quarantine.push({ source: source.id, stream: stream.name, id, error: String(error) });
        }
      }
    }
    requests[source.id] = context.http.stats.requests;
  }
  return { records, quarantine, checks, requests };
}

function contextFor(source: string, installed: InstalledConnector, clock: Clock): PollContext {
  return {
    config: installed.config,
    secrets: installed.secrets,
    http: createTransport({
      source,
      budget: createBudget(installed.limits, clock),
      diagnose: (answer) => installed.diagnose(answer),
      clock,
      logger: silentLogger,
      redact: redactor(installed.secretTexts),
    }),
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    since: null,
    expect: () => undefined,
  };
}

/** Entities by their keys: records of one kind that share a key, directly or over others, are one. */
export interface Unified {
  counts: Readonly<Record<KindName, number>>;
  /** A name for the entity that has this key; undefined when nothing has it. */
  entityOf(kind: KindName, key: Key): string | undefined;
  /** References to what nothing is known of. */
  dangling: readonly { from: string; field: string; to: string }[];
}

export function unify(records: readonly AnyRecord[]): Unified {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    const parent = parents.get(name);
    if (parent === undefined || parent === name) return name;
    const found = root(parent);
    parents.set(name, found);
    return found;
  };
  for (const { kind, keys } of records) {
    const [first, ...others] = keys.map((key) => `${kind} ${key}`);
    for (const name of [first, ...others]) if (name !== undefined && !parents.has(name)) parents.set(name, name);
    for (const name of others) parents.set(root(name), root(first ?? name));
  }
  const roots = new Set([...parents.keys()].map(root));
  const counts = Object.fromEntries(kindNames.map((kind) => [kind, 0])) as Record<KindName, number>;
  for (const name of roots) counts[name.slice(0, name.indexOf(' ')) as KindName] += 1;
  const entityOf = (kind: KindName, key: Key): string | undefined => {
    const name = `${kind} ${key}`;
    return parents.has(name) ? root(name) : undefined;
  };
  return { counts, entityOf, dangling: records.flatMap((record) => danglingOf(record, entityOf)) };
}

function danglingOf(record: AnyRecord, entityOf: Unified['entityOf']): Unified['dangling'][number][] {
  const fields = fieldsOf(record.kind);
  return Object.entries(record.fields).flatMap(([field, value]) => {
    const { type, target } = fields[field] ?? {};
    if (value === null || target === undefined || (type !== 'ref' && type !== 'refs')) return [];
    const wanted = (Array.isArray(value) ? value : [value]) as Key[];
    return wanted
      .filter((key) => entityOf(target as KindName, key) === undefined)
      .map((to) => ({ from: `${record.kind} ${record.id}`, field, to }));
  });
}
