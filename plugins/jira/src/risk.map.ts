import { record, type UnifiedRecord } from '@plumbline/connector';
import { trackedMoney } from './change-request.map.ts';
import type { JiraConfig } from './config.ts';
import { moneyField, probabilityField, probabilityOf, textField } from './field-values.ts';
import { issueFacts, trackedAssignee, trackedDue, trackedField, trackedStatus } from './issue-common.ts';
import { pastValues } from './issue-history.ts';
import { lookUp } from './issue-kind.ts';
import type { IssueRaw } from './issue-raw.ts';

export function mapRisk(raw: IssueRaw, config: JiraConfig): UnifiedRecord<'risk'> {
  const facts = issueFacts(raw, config);
  const { fields } = raw.issue;
  const { statuses, probability, impact, response } = config.risks;
  const likelihood = probability && probabilityField(fields, probability);
  const cost = impact && moneyField(fields, impact);
  const answer = response === undefined ? undefined : textField(fields, response);
  // Without a configured meaning, done is closed and everything else is open.
  const status = lookUp(statuses, fields.status) ?? (facts.category === 'DONE' ? 'CLOSED' : 'OPEN');
  return record({
    kind: 'risk',
    id: facts.id,
    keys: facts.keys,
    fields: {
      key: facts.key,
      title: facts.title,
      description: facts.description,
      status,
      ...(likelihood === undefined ? {} : { probability: likelihood }),
      ...(cost === undefined ? {} : { impact: cost }),
      ...(answer === undefined ? {} : { response: answer }),
      due: facts.due,
      url: facts.url,
      project: facts.project,
      owner: facts.assignee,
    },
    customFields: facts.customFields,
    history: pastValues(facts, [
      trackedStatus('status', status, ({ id, text }) => {
        const category = raw.statusCategories[id ?? ''];
        const fallback = category === undefined ? undefined : category === 'done' ? 'CLOSED' : 'OPEN';
        return lookUp(statuses, { id, name: text }) ?? fallback;
      }),
      trackedAssignee('owner', facts),
      trackedDue(facts),
      ...trackedMoney('impact', impact, cost, fields),
      ...trackedField({
        field: 'probability',
        fieldId: probability?.field,
        current: likelihood,
        convert: (text) => (probability ? probabilityOf(text, probability) : null),
      }),
      ...trackedField({ field: 'response', fieldId: response, current: answer, convert: (text) => text || null }),
    ]),
  });
}
