import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateCompany, type Company } from './company.ts';
import { readHoldings } from './holdings.test-kit.ts';
import type { CompanyOptions } from './plan.ts';

const small: CompanyOptions = { seed: 'acme', size: 'small', today: '2026-11-20' };

/** Of everything the vendors hold, and of the truth about it. */
function fingerprint(company: Company): string {
  const hash = createHash('sha256');
  const add = (value: unknown): void => void hash.update(JSON.stringify(value));
  add([company.hubspot.portal, company.jira.site, company.google.spreadsheets, company.malformed]);
  for (const batch of company.hubspot.batches()) add(batch);
  for (const batch of company.jira.batches()) add(batch);
  add(company.truth());
  return hash.digest('hex');
}

describe('the same options', () => {
  test('give the same company, also when it is read twice', () => {
    const company = generateCompany(small);
    const once = fingerprint(company);
    expect(fingerprint(company)).toBe(once);
    expect(fingerprint(generateCompany({ ...small }))).toBe(once);
  });

  test('give another one for another seed, another day, or when malformed records are asked for', () => {
    const companies = [
      small,
      { ...small, seed: 'zenith' },
      { ...small, today: '2026-11-19' },
      { ...small, malformed: true },
    ];
    expect(new Set(companies.map((options) => fingerprint(generateCompany(options)))).size).toBe(4);
  });
});

describe.each([
  ['acme', '2026-11-20'],
  ['zenith', '2026-03-01'],
  ['東京', '2027-01-02'],
])('a small company of seed %s on %s', (seed, today) => {
  const held = readHoldings(seed, today);
  const { counts, anomalies, quarantine } = held.company.truth();

  test('has the size of a firm of 45', () => {
    const about = (value: number, wanted: number): void => expect(Math.abs(value / wanted - 1)).toBeLessThan(0.15);
    about(counts.opportunity, 200);
    about(counts.project, 62);
    about(counts.workItem + counts.risk, 3_000);
    about(counts.timeEntry, 15_500);
    about(counts.changeRequest, 150);
    about(counts.client, 41);
    about(counts.person, 47);
  });

  test('has something for every rule', () => {
    const found = [...new Set(anomalies.map(({ rule }) => rule))].sort();
    const planted = 'R01 R02 R03 R04 R05 R06 R07 R09 R10 R11 R14 R16 R19 R20 R21 R22 R23 R24 R25 R27 R28 R29 R34 R35';
    expect(found).toEqual(planted.split(' '));
  });

  test('is well formed unless asked otherwise', () => {
    expect(quarantine).toEqual([]);
  });

  test('has change requests of every state, asked for in several languages', () => {
    const names = new Set(held.rows('Change requests').map((row) => row.State));
    expect(names.size).toBeGreaterThan(3);
    const statuses = new Set(
      [...held.issues.values()].filter(({ typeId }) => typeId === '10405').map(({ statusId }) => statusId),
    );
    expect(statuses.size).toBe(13);
  });
});

test('a date that is none is refused before anything is made', () => {
  expect(() => generateCompany({ ...small, today: '2026-02-30' })).toThrow(RangeError);
});

describe('a large company', () => {
  test('comes in batches of a project each, and the first ones need not wait for the rest', () => {
    const company = generateCompany({ ...small, size: 'large' });
    const batches = company.jira.batches()[Symbol.iterator]();
    let issues = 0;
    for (let count = 0; count < 130; count += 1) {
      const { value } = batches.next();
      expect(value?.projects).toHaveLength(1);
      expect(value?.issues.length).toBeLessThan(200);
      issues += value?.issues.length ?? 0;
    }
    expect(issues).toBeGreaterThan(5_000);
    expect(company.jira.site.users).toHaveLength(100 * 36 + 1);
    const emails = company.jira.site.users.map(({ email }) => email).filter((email) => email !== null);
    expect(new Set(emails).size).toBe(emails.length);
  });
});
