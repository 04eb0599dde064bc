import { record, type Key, type UnifiedRecord } from '@plumbline/connector';
import type { JiraConfig } from './config.ts';
import { decimalField, decimalOf, type Fields } from './field-values.ts';
import {
  issueFacts,
  trackedAssignee,
  trackedCategory,
  trackedDue,
  trackedField,
  trackedStatus,
} from './issue-common.ts';
import { pastValues } from './issue-history.ts';
import { implementedBy } from './issue-kind.ts';
import type { IssueRaw } from './issue-raw.ts';
import { issueKey } from './jira-keys.ts';

/** `changeRequest` is given where the issue itself is one; else it is looked for among links and parents. */
export function mapWorkItem(raw: IssueRaw, config: JiraConfig, own?: Key): UnifiedRecord<'workItem'> {
  const facts = issueFacts(raw, config);
  const { fields } = raw.issue;
  const pointsField = pointsFieldOf(fields, config);
  const points = pointsField === undefined ? undefined : decimalField(fields, pointsField);
  const implemented = implementedBy(raw, config);
  return record({
    kind: 'workItem',
    id: facts.id,
    keys: facts.keys,
    fields: {
      key: facts.key,
      title: facts.title,
      description: facts.description,
      type: facts.type,
      status: facts.status,
      statusCategory: facts.category,
      estimate: fields.timeoriginalestimate,
      remaining: fields.timeestimate,
      ...(points === undefined ? {} : { points }),
      due: facts.due,
      createdAt: facts.createdAt,
      doneAt: facts.doneAt,
      labels: fields.labels,
      url: facts.url,
      project: facts.project,
      assignee: facts.assignee,
      parent: fields.parent ? issueKey(fields.parent.id) : null,
      changeRequest: own ?? (implemented ? issueKey(implemented.id) : null),
    },
    customFields: facts.customFields,
    history: pastValues(facts, [
      trackedStatus('status', facts.status, ({ text }) => text ?? undefined),
      trackedCategory('statusCategory', facts, raw),
      trackedAssignee('assignee', facts),
      trackedDue(facts),
      {
        field: 'estimate',
        fieldId: 'timeoriginalestimate',
        current: fields.timeoriginalestimate,
        read: ({ id, text }) => wholeSeconds(id ?? text),
      },
      ...trackedField({
        field: 'points',
        fieldId: pointsField,
        current: points,
        convert: (text) => decimalOf(text, pointsField ?? 'points'),
      }),
    ]),
  });
}

/** The field that holds the points of this issue: team-managed projects have one of their own, by the same name. */
function pointsFieldOf(fields: Fields, { workItems: { points } }: JiraConfig): string | undefined {
  return points?.find((id) => fields[id] !== undefined && fields[id] !== null) ?? points?.[0];
}

function wholeSeconds(text: string | null): number | null | undefined {
  if (text === null || text === '') return null;
  const seconds = Number(text);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}
