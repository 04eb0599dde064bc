import { defineConnector, defineStream, diagnoseHttp, record, type Connector, type Page } from '@plumbline/connector';
import { z } from 'zod';
import type { Issue } from './issues.ts';

const person = z.looseObject({ accountId: z.string() }).nullable();

const rawIssue = z.looseObject({
  id: z.string(),
  key: z.string(),
  fields: z.looseObject({
    summary: z.string(),
    description: z.looseObject({
      content: z.array(z.looseObject({ content: z.array(z.looseObject({ text: z.string() })) })),
    }),
    issuetype: z.looseObject({ name: z.string() }),
    project: z.looseObject({ id: z.string() }),
    status: z.looseObject({
      name: z.string(),
      statusCategory: z.looseObject({ key: z.enum(['new', 'indeterminate', 'done']) }),
    }),
    assignee: person,
    labels: z.array(z.string()),
    timetracking: z.looseObject({ originalEstimateSeconds: z.number(), remainingEstimateSeconds: z.number() }),
    duedate: z.string().nullable(),
    created: z.string(),
    resolutiondate: z.string().nullable(),
    customfield_10016: z.number(),
    customfield_10031: z.looseObject({ value: z.string() }),
  }),
});

const categories = { new: 'TODO', indeterminate: 'DOING', done: 'DONE' } as const;

/** What a vendor's issues would be, without the vendor: `pages` are what the next poll reads. */
export function issueConnector(pages: () => readonly (readonly Issue[])[]): Connector {
  return defineConnector({
    name: 'bench-issues',
    title: 'Bench issues',
    config: z.object({}),
    secrets: z.object({}),
    keySchemes: ['bench-issue', 'bench-project', 'bench-account'],
    limits: () => ({}),
    diagnose: (answer, source) => diagnoseHttp(source, answer),
    secretTexts: () => [],
    check: async () => [],
    streams: [
      defineStream({
        name: 'issues',
        description: 'Issues.',
        kinds: ['workItem'],
        raw: rawIssue,
        cursor: z.object({ page: z.number() }),
        worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'id' },
        async *poll(): AsyncGenerator<Page> {
          const all = pages();
          for (const [index, issues] of all.entries()) {
            yield {
              records: issues.map((issue) => ({
                id: issue.id,
                changedAt: String(issue.fields['updated']),
                payload: issue,
              })),
              cursor: { page: index },
              complete: index === all.length - 1,
            };
          }
        },
        map: ({ id, key, fields }) => [
          record({
            kind: 'workItem',
            id,
            keys: [`bench-issue:${id}`, `bench-issue-key:${key}`],
            fields: {
              key,
              title: fields.summary,
              description: fields.description.content
                .flatMap((paragraph) => paragraph.content.map((piece) => piece.text))
                .join('\n'),
              type: fields.issuetype.name,
              status: fields.status.name,
              statusCategory: categories[fields.status.statusCategory.key],
              estimate: fields.timetracking.originalEstimateSeconds,
              remaining: fields.timetracking.remainingEstimateSeconds,
              points: String(fields.customfield_10016),
              due: fields.duedate,
              createdAt: fields.created,
              doneAt: fields.resolutiondate,
              labels: fields.labels,
              url: `https://kestrel.atlassian.example/browse/${key}`,
              project: `bench-project:${fields.project.id}`,
              assignee: fields.assignee ? `bench-account:${fields.assignee.accountId}` : null,
            },
            customFields: { billing: fields.customfield_10031.value },
          }),
        ],
      }),
    ],
  });
}
