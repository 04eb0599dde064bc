import { defineStream, type RawRecord } from '@plumbline/connector';
import type { z } from 'zod';
import type { JiraConfig, JiraSecrets } from './config.ts';
import { fullList, fullListCursor, fullListWorth } from './full-list.ts';
import { jiraApi } from './jira-api.ts';
import type { JiraContext } from './jira-client.ts';
import { mapVersion, versionRawSchema, type VersionRaw } from './milestone.map.ts';
import { listProjects } from './projects.stream.ts';

const MOST_ON_A_PAGE = 200;

/** One request for each project, so it is read seldom. */
async function* readVersions(context: JiraContext): AsyncIterable<readonly RawRecord[]> {
  if (!context.config.milestones.fromVersions) return;
  const api = await jiraApi(context);
  let gathered: RawRecord[] = [];
  for await (const projects of listProjects(api, context.config)) {
    for (const project of projects) {
      const versions = await api.versions(project.id);
      gathered.push(...versions.map((payload) => ({ id: payload.id, changedAt: null, payload })));
      while (gathered.length >= MOST_ON_A_PAGE) {
        yield gathered.slice(0, MOST_ON_A_PAGE);
        gathered = gathered.slice(MOST_ON_A_PAGE);
      }
    }
  }
  if (gathered.length > 0) yield gathered;
}

export const versionsStream = defineStream<JiraConfig, JiraSecrets, VersionRaw, z.output<typeof fullListCursor>>({
  name: 'versions',
  description: 'Versions of projects, as milestones.',
  kinds: ['milestone'],
  raw: versionRawSchema,
  cursor: fullListCursor,
  worth: fullListWorth,
  everyMinutes: 60,
  ...fullList(readVersions),
  map: (raw) => [mapVersion(raw)],
});
