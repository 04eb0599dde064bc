import { startContractProxy } from '../../../packages/emulator/src/contract-proxy.ts';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startHub } from './harness.ts';
import { issue, projects, statusChange, worklog } from './site.ts';

const document = new URL('../../../../shared/contracts/checker/jira.openapi.json', import.meta.url).pathname;
const there = existsSync(document);
if (!there) console.log(`skipped: ${document} is not there to check against`);

/** The document types the keys of project properties as empty objects, though its own words call them a list of keys. */
const documentsOwnMistake = 'GET /rest/api/3/project/search asks: query/properties/0 must be object';

const streams = ['users', 'projects', 'versions', 'issues', 'worklogs'] as const;

test.skipIf(!there)('neither the connector nor the emulator breaks the vendor’s contract', async () => {
  const proxies: Awaited<ReturnType<typeof startContractProxy>>[] = [];
  const hub = await startHub({
    config: {
      projects: ['ABC', 'XYZ'],
      opportunities: { from: 'property', property: 'plumbline', path: ['deals'] },
      changeRequests: { issueTypes: ['Change Request'], linkTypes: ['implements'], jql: 'labels = change' },
    },
    emulator: { searchPageCap: 4 },
    through: async (target) => {
      const proxy = await startContractProxy({ document, target });
      proxies.push(proxy);
      return proxy.url;
    },
  });
  hub.emulator.load({
    projects,
    issues: Array.from({ length: 9 }, (_, index) =>
      issue(index + 1, {
        ...(index > 0
          ? { parentId: '1001', links: [{ id: String(index), type: 'implements', outwardIssueId: '1001' }] }
          : {}),
        fixVersionIds: ['71'],
        history: [statusChange(String(index), '2026-01-06T08:00:00Z', ['1', 'To Do'], ['2', 'In Progress'])],
      }),
    ),
    worklogs: [worklog(1), worklog(2)],
  });
  const cursors = new Map<string, unknown>();
  for (const name of streams) cursors.set(name, (await hub.poll(name)).cursor);
  hub.emulator.updateIssue('1002', { statusId: '3', assigneeAccountId: 'acc-gus', custom: { customfield_1: 3 } });
  hub.emulator.logWork('1002', { authorAccountId: 'acc-ada', started: '2026-03-01T09:00:00.000+0100', seconds: 60 });
  hub.emulator.deleteWorklog('5001');
  hub.clock.advance(120_000);
  for (const name of streams) await hub.poll(name, cursors.get(name));
  for await (const _ of hub.stream('issues').census?.(hub.context) ?? []);
  expect((await hub.connector.check(hub.context)).filter(({ ok }) => !ok)).toEqual([]);
  const [proxy] = proxies;
  expect(hub.emulator.requests.length).toBeGreaterThan(20);
  expect(proxy?.violations.filter((violation) => violation !== documentsOwnMistake)).toEqual([]);
  await proxy?.close();
  await hub.close();
});
