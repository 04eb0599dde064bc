import { HubError } from '@plumbline/connector';
import { expect, test } from 'vitest';
import { jira } from './jira.connector.ts';

const least = { site: 'https://acme.atlassian.net/', email: 'hub@acme.example' };
const install = (config: object) => jira.install({ id: 'jira-acme', config, secrets: { apiToken: 'long-enough' } });

test('an address and an e-mail are enough; everything else has a default', () => {
  expect(install(least).config).toMatchObject({
    site: 'https://acme.atlassian.net',
    projects: [],
    changeRequests: { alsoWorkItem: true, childrenImplement: true, issueTypes: [] },
    milestones: { fromVersions: true },
  });
  expect(install(least).limits).toMatchObject({ search: { calls: 46, burst: 4, perMs: 1_000 } });
});

test.each([
  [{ ...least, sites: 'x' }, 'sites'],
  [{ ...least, site: 'http://acme.atlassian.net' }, 'site: wants https'],
  [{ ...least, site: 'acme' }, 'site'],
  [{ ...least, projects: ['abc'] }, 'projects.0: wants a project key'],
  [{ ...least, workItems: { points: 'Story Points' } }, 'workItems.points: wants the id of a field'],
  [{ ...least, opportunities: { from: 'description', pattern: '(a)(b)' } }, 'one group'],
  [{ ...least, opportunities: { from: 'description', pattern: '(' } }, 'one group'],
  [{ ...least, changeRequests: { states: { Done: 'FINISHED' } } }, 'changeRequests.states.Done'],
])('what is wrong is named: %j', (config, named) => {
  expect(() => install(config)).toThrow(HubError);
  expect(() => install(config)).toThrow(named);
});

test('every member of the configuration says what it is for', () => {
  const undescribed: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties, items, anyOf, oneOf } = schema as Record<string, unknown>;
    for (const [name, member] of Object.entries((properties ?? {}) as Record<string, object>)) {
      if (!('description' in member) && !('const' in member)) undescribed.push(`${path}${name}`);
      visit(member, `${path}${name}.`);
    }
    for (const each of [items, anyOf, oneOf].flat()) visit(each, path);
  };
  visit(jira.configSchema, '');
  expect(undescribed).toEqual([]);
});
