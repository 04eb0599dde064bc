import { record, type UnifiedRecord } from '@plumbline/connector';
import type { JiraConfig, MoneyField } from './config.ts';
import {
  currencyOf,
  decimalOf,
  effortField,
  effortOf,
  integerField,
  moneyField,
  moneyOf,
  textField,
  type Fields,
} from './field-values.ts';
import { issueFacts, trackedCategory, trackedField, trackedStatus } from './issue-common.ts';
import { pastValues, type Tracked } from './issue-history.ts';
import { implementers, lookUp } from './issue-kind.ts';
import type { IssueRaw } from './issue-raw.ts';
import { issueKey } from './jira-keys.ts';

export function mapChangeRequest(raw: IssueRaw, config: JiraConfig): UnifiedRecord<'changeRequest'> {
  const facts = issueFacts(raw, config);
  const { fields } = raw.issue;
  const { states } = config.changeRequests;
  const deltas = readDeltas(fields, config);
  const state = lookUp(states, fields.status);
  const tells = Object.keys(states).length > 0;
  return record({
    kind: 'changeRequest',
    id: facts.id,
    keys: facts.keys,
    fields: {
      key: facts.key,
      title: facts.title,
      description: facts.description,
      type: facts.type,
      ...deltas,
      // A site that maps no status says nothing of the state, rather than that there is none.
      ...(tells ? { state } : {}),
      engineeringStatus: facts.status,
      engineeringStatusCategory: facts.category,
      submittedAt: facts.createdAt,
      url: facts.url,
      project: facts.project,
      requester: facts.reporter,
      workItems: implementers(raw, config).map(({ id }) => issueKey(id)),
    },
    customFields: facts.customFields,
    history: pastValues(facts, [
      trackedStatus('engineeringStatus', facts.status, ({ text }) => text ?? undefined),
      trackedCategory('engineeringStatusCategory', facts, raw),
      ...(tells ? [trackedStatus('state', state, ({ id, text }) => lookUp(states, { id, name: text }))] : []),
      ...trackedDeltas(fields, deltas, config),
    ]),
  });
}

type Deltas = Pick<
  UnifiedRecord<'changeRequest'>['fields'],
  'priceDelta' | 'costDelta' | 'listPrice' | 'effortDelta' | 'scheduleDeltaDays' | 'origin'
>;

/** Only what the site keeps somewhere: a figure without a field is not known, which is not the same as empty. */
function readDeltas(fields: Fields, { changeRequests }: JiraConfig): Deltas {
  const { priceDelta, costDelta, listPrice, effortDelta, scheduleDeltaDays, origin } = changeRequests;
  return {
    ...(priceDelta ? { priceDelta: moneyField(fields, priceDelta) } : {}),
    ...(costDelta ? { costDelta: moneyField(fields, costDelta) } : {}),
    ...(listPrice ? { listPrice: moneyField(fields, listPrice) } : {}),
    ...(effortDelta ? { effortDelta: effortField(fields, effortDelta) } : {}),
    ...(scheduleDeltaDays ? { scheduleDeltaDays: integerField(fields, scheduleDeltaDays) } : {}),
    ...(origin ? { origin: textField(fields, origin) } : {}),
  };
}

function trackedDeltas(fields: Fields, deltas: Deltas, { changeRequests }: JiraConfig): Tracked[] {
  const { priceDelta, costDelta, listPrice, effortDelta, scheduleDeltaDays, origin } = changeRequests;
  return [
    ...trackedMoney('priceDelta', priceDelta, deltas.priceDelta, fields),
    ...trackedMoney('costDelta', costDelta, deltas.costDelta, fields),
    ...trackedMoney('listPrice', listPrice, deltas.listPrice, fields),
    ...trackedField({
      field: 'effortDelta',
      fieldId: effortDelta?.field,
      current: deltas.effortDelta,
      convert: (text) => (effortDelta ? effortOf(decimalOf(text, effortDelta.field), effortDelta) : null),
    }),
    ...trackedField({
      field: 'scheduleDeltaDays',
      fieldId: scheduleDeltaDays,
      current: deltas.scheduleDeltaDays,
      convert: (text) => integerField({ days: text }, 'days'),
    }),
    ...trackedField({ field: 'origin', fieldId: origin, current: deltas.origin, convert: (text) => text || null }),
  ];
}

/** Past amounts are told only in a fixed currency: where a field holds it, the two changed apart from each other. */
export function trackedMoney(
  field: string,
  source: MoneyField | undefined,
  current: Deltas['priceDelta'],
  fields: Fields,
): Tracked[] {
  if (source === undefined || !('fixed' in source.currency)) return [];
  const currency = currencyOf(fields, source.currency);
  const value = current ? { ...current } : null;
  return trackedField({
    field,
    fieldId: source.field,
    current: value,
    convert: (text) => {
      const money = moneyOf(decimalOf(text, source.field), currency);
      return money && { ...money };
    },
  });
}
