import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Hub } from '../../packages/hub/src/index.ts';
import type { Living } from './edits.ts';

type Row = Record<string, unknown>;

/** Lines about the same things, as the vendors have them and as the graph has them; the same when all is well. */
interface Truth {
  expected: string[];
  found: string[];
}

/** In the operations spreadsheet; rows are known by their numbers. */
const allocations = {
  spreadsheetId: 'sandbox-delivery-operations',
  tab: 'Allocations',
  key: 'No.',
  hours: 'Hours per day',
};

/**
 * Compares with the vendors themselves and by no mapping: a fresh hub maps as the other does, and makes the same mistakes.
 * What is in quarantine is left out.
 */
export async function compareWithVendors(hub: Hub, vendors: Sandbox, living: Living): Promise<Truth> {
  const ask = async (statement: string): Promise<Row[]> =>
    (await hub.database.orm.em.getConnection().execute(statement)) as Row[];
  const bad = await ask('select stream, external_id from quarantine');
  const unreadable = new Set(bad.map((row) => lineOf(row['stream'], row['external_id'], [])));
  const truth = [...(await inHubSpot(vendors, living)), ...inJira(vendors, living), ...inSheets(vendors)];
  const rows = await Promise.all(questions.map((question) => ask(question)));
  return {
    expected: truth.filter(([stream, id]) => !unreadable.has(lineOf(stream, id, []))).map(([...of]) => lineOf(...of)),
    found: rows.flat().map(({ stream, id, ...values }) => lineOf(stream, id, Object.values(values))),
  };
}

/** Decimals and whole numbers alike come as text. */
function lineOf(stream: unknown, id: unknown, values: readonly unknown[]): string {
  const plain = values.map((value) => (/^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : value));
  return `${String(stream)} ${String(id)}: ${JSON.stringify(plain)}`;
}

const of = (table: string, what: string): string => `
  select record.stream, record.external_id as id, ${what}
  from ${table} as own join facet on facet.entity_id = own.id and facet.deleted_at is null
  join record on record.id = facet.record_id where own.deleted_at is null`;

const questions = [
  `${of(
    'opportunity',
    `name, amount, stage, (
      select min(said.fields ->> 'name') from facet as said join record as company on company.id = said.record_id
      where said.entity_id = own.client_id and said.deleted_at is null and company.stream = 'companies') as client`,
  )} and stream = 'deals'`,
  `${of('line_item', 'quantity, unit_price')} and stream = 'line-items'`,
  `${of('work_item', 'title, status')} and stream = 'issues'`,
  `${of('time_entry', 'seconds')} and stream = 'worklogs'`,
  `${of('allocation', 'seconds_per_day')} and stream = 'allocations'`,
];

type Line = [stream: string, id: string, values: unknown[]];

async function inHubSpot({ hubspot, company }: Sandbox, { deals, lineItems }: Living): Promise<Line[]> {
  const { pipelines, accessToken } = company.hubspot.portal;
  const stages = new Map(pipelines.flatMap((pipeline) => pipeline.stages.map(({ id, label }) => [id, label])));
  const read = (type: 'deals' | 'companies' | 'line_items', id: string, properties: string[]): Row =>
    hubspot.read(type, id, { properties })?.['properties'] as Row;
  const answer = await fetch(`${hubspot.url}/crm/v4/associations/deals/companies/batch/read`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [...deals].map((id) => ({ id })) }),
  });
  const { results } = (await answer.json()) as {
    results: { from: { id: string }; to: { toObjectId: number; associationTypes: { typeId: number }[] }[] }[];
  };
  const clients = new Map(
    results.map(({ from, to }) => {
      const primary = to.find(({ associationTypes }) => associationTypes.some(({ typeId }) => typeId === 5));
      return [from.id, primary && read('companies', String(primary.toObjectId), ['name'])['name']];
    }),
  );
  return [
    ...[...deals].map((id): Line => {
      const { dealname, amount, dealstage } = read('deals', id, ['dealname', 'amount', 'dealstage']);
      return ['deals', id, [dealname, amount, stages.get(String(dealstage)), clients.get(id) ?? null]];
    }),
    ...[...lineItems].map((id): Line => {
      const { quantity, price } = read('line_items', id, ['quantity', 'price']);
      return ['line-items', id, [quantity, price]];
    }),
  ];
}

/** Risks and milestones are no work items. */
function inJira({ company }: Sandbox, { issues, worklogs }: Living): Line[] {
  const { statuses, issueTypes } = company.jira.site;
  const apart = new Set(issueTypes.filter(({ name }) => ['Risk', 'Milestone'].includes(name)).map(({ id }) => id));
  const names = new Map(statuses.map(({ id, name }) => [id, name]));
  return [
    ...[...issues.values()]
      .filter(({ typeId }) => !apart.has(typeId))
      .map(({ id, summary, statusId }): Line => ['issues', id, [summary, names.get(statusId)]]),
    ...[...worklogs.values()].map(({ id, seconds }): Line => ['worklogs', id, [seconds]]),
  ];
}

function inSheets({ google }: Sandbox): Line[] {
  const rows = google.values(allocations.spreadsheetId, allocations.tab) ?? [];
  const header = rows.find((row) => row.includes(allocations.key)) ?? [];
  const [key, hours] = [header.indexOf(allocations.key), header.indexOf(allocations.hours)];
  return rows
    .slice(rows.indexOf(header) + 1)
    .filter((row) => typeof row[key] === 'string' && row[key] !== '')
    .map((row): Line => ['allocations', String(row[key]), [Number(row[hours]) * 3_600]]);
}
