import { record, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { trackedMoney } from './change-request.map.ts';
import type { JiraConfig } from './config.ts';
import { dateField, moneyField } from './field-values.ts';
import { issueFacts, trackedDue, trackedField } from './issue-common.ts';
import { pastValues } from './issue-history.ts';
import type { IssueRaw } from './issue-raw.ts';
import { projectKey } from './jira-keys.ts';

export function mapMilestone(raw: IssueRaw, config: JiraConfig): UnifiedRecord<'milestone'> {
  const facts = issueFacts(raw, config);
  const { fields } = raw.issue;
  const { forecast: forecastField, amount: amountField } = config.milestones;
  const forecast = forecastField === undefined ? undefined : dateField(fields, forecastField);
  const amount = amountField && moneyField(fields, amountField);
  const achieved = facts.category === 'DONE';
  return record({
    kind: 'milestone',
    id: facts.id,
    keys: facts.keys,
    fields: {
      project: facts.project,
      name: facts.title,
      status: achieved ? 'ACHIEVED' : 'PLANNED',
      due: facts.due,
      ...(forecast === undefined ? {} : { forecast }),
      // Jira writes it in the account's zone; its day there is the nearest to what people see.
      achievedOn: achieved && fields.resolutiondate ? fields.resolutiondate.slice(0, 10) : null,
      ...(amount === undefined ? {} : { amount }),
    },
    customFields: facts.customFields,
    history: pastValues(facts, [
      trackedDue(facts),
      ...trackedMoney('amount', amountField, amount, fields),
      ...trackedField({
        field: 'forecast',
        fieldId: forecastField,
        current: forecast,
        convert: (text) => dateField({ forecast: text || null }, 'forecast'),
      }),
    ]),
  });
}

/** A version of a project, as `/project/{id}/versions` lists it. */
export const versionRawSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  released: z.boolean().default(false),
  archived: z.boolean().default(false),
  overdue: z.boolean().optional(),
  releaseDate: z.iso.date().optional(),
  projectId: z.number().int(),
});
export type VersionRaw = z.output<typeof versionRawSchema>;

export function mapVersion(raw: VersionRaw): UnifiedRecord<'milestone'> {
  return record({
    kind: 'milestone',
    id: raw.id,
    keys: [`jira-version:${raw.id}`],
    fields: {
      project: projectKey(String(raw.projectId)),
      name: raw.name,
      status: raw.released ? 'ACHIEVED' : raw.overdue ? 'AT_RISK' : 'PLANNED',
      due: raw.releaseDate ?? null,
      achievedOn: raw.released ? (raw.releaseDate ?? null) : null,
    },
  });
}
