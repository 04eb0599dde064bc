import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settleSandbox, writeSandbox } from './sandbox-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the company of the first start is the company of every start: ports, day and its client’s token included', () => {
  const made = settleSandbox(folder, { seed: 'globex' }, '2026-11-20');
  expect(made).toEqual({ seed: 'globex', size: 'small', today: '2026-11-20', ports: null });
  const kept = { ...made, ports: { jira: 1, hubspot: 2, google: 3 }, clientToken: 'plumbline-client-1' };
  writeSandbox(folder, kept);
  expect(settleSandbox(folder, {}, '2027-01-01')).toEqual(kept);
});

test('another company in the same folder is refused, with both ways out', () => {
  settleSandbox(folder, { size: 'small' }, '2026-11-20');
  expect(() => settleSandbox(folder, { size: 'large' }, '2026-11-20')).toThrow(
    'holds a sandbox company of the size "small", not "large"',
  );
});

test('a folder with a database but no sandbox is somebody’s real data', () => {
  mkdirSync(join(folder, 'database'));
  expect(() => settleSandbox(folder, {}, '2026-11-20')).toThrow('holds the data of configured sources');
});

test('a file that is broken is said to be', () => {
  writeFileSync(join(folder, 'sandbox.json'), '{"seed":');
  expect(() => settleSandbox(folder, {}, '2026-11-20')).toThrow('does not say which sandbox company lives there');
});
