import { field, view } from '@plumbline/connector';
import { z } from 'zod';
import type { JiraConfig } from './config.ts';
import type { IssueRaw } from './issue-raw.ts';

const named = z.looseObject({ name: z.string() });
/** A sprint is told from other custom fields by its board, since its field has another id on every site. */
const sprints = z.array(z.looseObject({ name: z.string(), boardId: z.number() })).min(1);

/** `jira` on whatever an issue became. */
export const issueViews = (['workItem', 'changeRequest', 'risk', 'milestone'] as const).map((on) =>
  view({
    on,
    description: 'A Jira issue, as Jira shows it.',
    fields: {
      id: field.text('Jira’s id; stays when the issue moves to another project.'),
      key: field.text('The key people use, such as "KES-42".'),
      url: field.text('Where people open it.'),
      type: field.text('Name of the issue type.'),
      status: field.text('Name of the status.'),
      priority: field.text('Name of the priority; null where the project has none.'),
      sprints: field.texts('Names of the sprints it is or was in.'),
      components: field.texts('Names of its components.'),
      fixVersions: field.texts('Names of the versions it is meant for.'),
    },
    read({ issue: { id, key, fields } }: IssueRaw, { site }: JiraConfig) {
      return {
        id,
        key,
        url: `${site}/browse/${key}`,
        type: fields.issuetype.name,
        status: fields.status.name,
        priority: named.safeParse(fields['priority']).data?.name ?? null,
        sprints: Object.values(fields).flatMap((value) => namesOf(sprints.safeParse(value).data)),
        components: namesOf(z.array(named).safeParse(fields['components']).data),
        fixVersions: namesOf(z.array(named).safeParse(fields['fixVersions']).data),
      };
    },
  }),
);

function namesOf(entries: readonly { name: string }[] | undefined): string[] {
  return (entries ?? []).map(({ name }) => name);
}
