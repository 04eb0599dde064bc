import { manualClock } from '@plumbline/connector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from './sandbox.ts';
import { readEverything, unify, type Synced, type Unified } from './test-kit.ts';

/** The company with its malformed records, read by the three connectors over HTTP as a hub would. */
const clock = manualClock('2026-11-20T09:00:00Z');
let sandbox: Sandbox;
let synced: Synced;
let unified: Unified;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'acme', size: 'small', today: '2026-11-20', malformed: true, clock });
  synced = await readEverything(sandbox.sources, clock);
  unified = unify(synced.records);
});
afterAll(() => sandbox?.close());

describe('what three connectors bring', () => {
  test('was configured as the vendors are', () => {
    expect(synced.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(synced.checks.length).toBeGreaterThan(20);
  });

  test('is as many entities of each kind as the truth says', () => {
    expect(unified.counts).toEqual(sandbox.truth.counts);
  });

  test('names nothing that does not exist', () => {
    expect(unified.dangling).toEqual([]);
  });

  test('is one entity wherever the truth says that several sources know it, and two where only people can know', () => {
    const { same, likely } = sandbox.truth;
    for (const { kind, keys } of same) {
      const entities = new Set(keys.map((key) => unified.entityOf(kind, key)));
      expect([kind, keys, entities.size, entities.has(undefined)]).toEqual([kind, keys, 1, false]);
    }
    for (const { kinds, keys } of likely) {
      const [one, other] = [unified.entityOf(kinds[0], keys[0]), unified.entityOf(kinds[1], keys[1])];
      expect(one).toBeDefined();
      expect(other).toBeDefined();
      expect(one).not.toBe(other);
    }
  });

  test('links deals and projects as the truth says, and no others', () => {
    const told = new Set<string>();
    for (const record of synced.records) {
      const pairs =
        record.kind === 'opportunity'
          ? (record.fields.projects ?? []).map((project) => [record.keys[0], project] as const)
          : record.kind === 'project'
            ? (record.fields.opportunities ?? []).map((opportunity) => [opportunity, record.keys[0]] as const)
            : [];
      for (const [opportunity, project] of pairs) {
        if (opportunity && project)
          told.add(`${unified.entityOf('opportunity', opportunity)} ${unified.entityOf('project', project)}`);
      }
    }
    const expected = sandbox.truth.links.map(
      ({ opportunity, project }) =>
        `${unified.entityOf('opportunity', opportunity)} ${unified.entityOf('project', project)}`,
    );
    expect([...told].sort()).toEqual([...new Set(expected)].sort());
    for (const by of ['deal', 'project'] as const) {
      expect(sandbox.truth.links.some((link) => link.by.length === 1 && link.by[0] === by)).toBe(true);
    }
  });

  test('leaves in quarantine what is malformed, and that only', () => {
    const found = synced.quarantine.map(({ source, stream, id }) => `${source} ${stream} ${id}`).sort();
    expect(found).toEqual(sandbox.truth.quarantine.map(({ source, stream, id }) => `${source} ${stream} ${id}`).sort());
    expect(found.length).toBeGreaterThanOrEqual(8);
  });

  test('has every subject of an anomaly among its entities', () => {
    for (const { rule, subject, others } of sandbox.truth.anomalies) {
      for (const named of [subject, ...others]) {
        expect([rule, named.key, unified.entityOf(named.kind, named.key) !== undefined]).toEqual([
          rule,
          named.key,
          true,
        ]);
      }
    }
  });
});

describe('the vendors', () => {
  test('are on loopback, and their control API is open to demonstrations', async () => {
    for (const { url } of [sandbox.jira, sandbox.hubspot, sandbox.google]) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect((await fetch(`${url}/__control/requests`)).status).toBe(200);
    }
  });

  test('do not start at all when one of their ports is taken', async () => {
    const taken = Number(new URL(sandbox.google.url).port);
    const options = { seed: 'other', size: 'small', today: '2026-11-20', ports: { google: taken } } as const;
    await expect(startSandbox(options)).rejects.toThrow('EADDRINUSE');
  });
});
