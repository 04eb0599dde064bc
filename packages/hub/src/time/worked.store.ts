import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import { validPeriods } from '../kernel/valid-periods.ts';
import type { ScopeClass } from './leakage.metrics.ts';
import type { WorkNature } from './nature.metrics.ts';
import type { NatureSettings } from './nature.settings.ts';
import { naturedTime } from './nature.store.ts';

/** Local days, both included; null for no bound. */
export interface LocalPeriod {
  from: string | null;
  to: string | null;
}

/** Which work is looked at, by its local days. */
export interface WorkFilter extends LocalPeriod {
  /** Of these projects; of all when null. */
  projectIds: readonly string[] | null;
  /** A condition on `entry` beside these. */
  only?: RawBuilder<unknown>;
}

/** How a site tells what its work is for. */
export interface ScopeSettings {
  /** The custom field of a work item that names the commitment it belongs to; filled means BASELINE, as a link to one does. */
  commitmentField: string;
}

export const defaultScope: ScopeSettings = { commitmentField: 'commitment' };

/** How a site tells what its work is for, and which of it is no progress. */
export interface WorkSettings {
  scope: ScopeSettings;
  nature: NatureSettings;
}

/**
 * Work of one project in one class and of one nature, at rates in one pair of currencies: a sum over time entries. Amounts
 * are at the rates of each day, in the currency of the rates, to 18 decimal places; null without a rate.
 */
export interface WorkedLine {
  project_id: string | null;
  scope: ScopeClass;
  nature: WorkNature;
  seconds: number;
  entries: number;
  bill: string | null;
  bill_currency: string | null;
  cost: string | null;
  cost_currency: string | null;
}

/** Work with its scope and nature at the time it was done, at the rates of its days, summed; nothing is converted. */
export async function readWorked(rows: Rows, filter: WorkFilter, settings: WorkSettings): Promise<WorkedLine[]> {
  const { rows: found } = await sql<WorkedLine>`
    with ${pricedTime(filter, settings.scope)}, ${natureOf(filter, settings.nature)}
    select project_id, scope, coalesce(nature, 'WORK') as nature, bill_currency, cost_currency,
      ${amountOf(sql`bill_rate`)} as bill, ${amountOf(sql`cost_rate`)} as cost, sum(seconds)::bigint as seconds, count(*) as entries
    from priced left join natured on natured.id = priced.id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`.execute(
    rows,
  );
  return found.map((row) => ({ ...row, seconds: Number(row.seconds), entries: Number(row.entries) }));
}

/** The class of each of these time entries. */
export async function readScopes(
  rows: Rows,
  entryIds: readonly string[],
  settings: ScopeSettings,
): Promise<Map<string, ScopeClass>> {
  const asked = unnest('asked', entryIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const entries = sql`select ${entryColumns} from ${asked} join time_entry as entry on entry.id = asked.id
    left join work_item as item on item.id = entry.work_item_id`;
  const { rows: found } = await sql<{ id: string; scope: ScopeClass }>`
    with ${classified({ entries, settings, howMany: 'FEW', projects: projectsOf(sql`project`) })} select id, scope from scoped`.execute(
    rows,
  );
  return new Map(found.map((row) => [row.id, row.scope]));
}

/** `worked`, `scoped` and `priced`: time entries with the class of their scope and the rates of their day. */
export function pricedTime(filter: WorkFilter, settings: ScopeSettings): RawBuilder<unknown> {
  // Rates of those who worked there only, where that is not nearly everybody.
  const theirs =
    filter.projectIds === null
      ? sql`rate`
      : sql`(select distinct person_id from scoped) as who
        cross join lateral (select * from rate where rate.person_id = who.person_id offset 0) as rate`;
  return sql`${scopedTime(filter, settings)},
    priced as (
      select scoped.id, scoped.person_id, scoped.project_id, scoped.client_id, scoped.currency, scoped.scope, scoped.local_date, scoped.seconds,
        coalesce(own.bill_rate, role.bill_rate) as bill_rate, coalesce(own.cost_rate, role.cost_rate) as cost_rate,
        case when own.bill_rate is null then role.bill_rate_currency else own.bill_rate_currency end as bill_currency,
        case when own.cost_rate is null then role.cost_rate_currency else own.cost_rate_currency end as cost_currency
      from scoped
      left join (${ratePeriods('person_id', theirs)}) as own
        on own.whose = scoped.person_id and scoped.local_date between own.from_on and own.to_on
      left join ${filter.projectIds === null ? sql`person` : unpricedPerson} as person on person.id = scoped.person_id
      left join (${ratePeriods('role', sql`rate`)}) as role
        on own.whose is null and role.whose = person.role and scoped.local_date between role.from_on and role.to_on
    )`;
}

/** Who has no rate of their own, looked up: most have one, and a whole table is not hashed for those who have not. */
const unpricedPerson = sql`lateral (
  select id, role from person where id = scoped.person_id and own.whose is null offset 0
)`;

/** What the time of a group comes to at a rate by the hour: sums first and divides once, so that nothing is lost on the way. */
export function amountOf(rate: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`trim_scale(round(round(sum(seconds * ${rate}), 18) / 3600, 18))`;
}

/** `natured`: of the same time entries those that are not plain work. Behind `scoped`. */
export function natureOf(filter: WorkFilter, settings: NatureSettings): RawBuilder<unknown> {
  if (filter.projectIds !== null) return naturedTime({ entries: sql`scoped`, howMany: 'FEW', settings });
  const entries = sql`(select id, work_item_id as item_id, started_at, local_date from time_entry as entry where ${withinPeriod(filter)})`;
  return naturedTime({ entries, howMany: 'MOST', settings });
}

/** `worked` and `scoped`: time entries with their project, and with the class of their scope. */
export function scopedTime(filter: WorkFilter, settings: ScopeSettings): RawBuilder<unknown> {
  const period = withinPeriod(filter);
  if (filter.projectIds === null) {
    return classified({
      entries: sql`select ${entryColumns} from time_entry as entry left join work_item as item on item.id = entry.work_item_id where ${period}`,
      projects: projectsOf(sql`project`),
      howMany: 'MOST',
      settings,
    });
  }
  const asked = askedProjects(filter.projectIds);
  // Two ways of belonging are a union and not an `or`, so that each finds its index.
  return classified({
    entries: sql`
      select ${entryColumns} from ${asked} join time_entry as entry on entry.project_id = asked.id
      left join work_item as item on item.id = entry.work_item_id where ${period}
      union all
      select ${entryColumns} from ${asked} join work_item as item on item.project_id = asked.id
      join time_entry as entry on entry.work_item_id = item.id where entry.project_id is null and ${period}`,
    projects: projectsOf(sql`${asked} join project on project.id = asked.id`),
    howMany: 'FEW',
    settings,
  });
}

/** Which of the rows of `entry` are looked at, whatever their project. */
export function withinPeriod({ from, to, only }: WorkFilter): RawBuilder<unknown> {
  return sql`entry.deleted_at is null and ${only ?? sql`true`}
    and ${from === null ? sql`true` : sql`entry.local_date >= ${from}::date`}
    and ${to === null ? sql`true` : sql`entry.local_date <= ${to}::date`}`;
}

/**
 * Ids as a table, `asked`. The sub-select keeps their number from the planner, so that one plan serves any: planning such
 * a statement takes as long as running it for one project, and the server plans anew for as long as the numbers matter.
 */
export function askedProjects(ids: readonly string[]): RawBuilder<unknown> {
  return sql`unnest((select ${ids}::uuid[])) as asked(id)`;
}

const entryColumns = sql`entry.id, entry.person_id, entry.started_at, entry.local_date, entry.seconds, item.id as item_id, item.custom_fields,
  coalesce(entry.project_id, item.project_id) as project_id, coalesce(entry.change_request_id, item.change_request_id) as named_request_id`;

/** Projects with the currency of their contract. */
function projectsOf(from: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select project.id, project.client_id, coalesce(agreed.contract_value_currency, project.currency) as currency
    from ${from} left join baseline as agreed on agreed.project_id = project.id and agreed.version = 1`;
}

const namedItems = sql`many_reference where kind = 'changeRequest' and field = 'workItems'`;

/** The request that names a work item; the first by id where several do. Looked up, or all of them hashed. */
const implementing: Readonly<Record<'FEW' | 'MOST', RawBuilder<unknown>>> = {
  FEW: sql`left join lateral (
    select target_id, entity_id as request_id from ${namedItems} and target_id = worked.item_id order by entity_id limit 1
  ) as implementing on true`,
  MOST: sql`left join (
    select target_id, min(entity_id::text)::uuid as request_id from ${namedItems} group by target_id
  ) as implementing on implementing.target_id = worked.item_id`,
};

/** The request that either names. Looked up where there are few: a whole table is not hashed for one project. */
const requests: Readonly<Record<'FEW' | 'MOST', RawBuilder<unknown>>> = {
  FEW: sql`lateral (
    select id from change_request where id = coalesce(worked.named_request_id, implementing.request_id) offset 0
  )`,
  MOST: sql`change_request`,
};

/**
 * The class by the state of the request on the day of the work. A request that either side names counts: the work item
 * its request, or the request its work items.
 */
function classified(input: {
  entries: RawBuilder<unknown>;
  projects: RawBuilder<unknown>;
  howMany: 'FEW' | 'MOST';
  settings: ScopeSettings;
}): RawBuilder<unknown> {
  const { entries, projects, howMany, settings } = input;
  return sql`
    worked as (${entries}),
    scoped as (
      select worked.id, worked.person_id, worked.item_id, worked.started_at, worked.local_date, worked.seconds, worked.project_id,
        project.client_id, project.currency, request.id as change_request_id,
        case
          when project.id is not null and project.client_id is null then 'INTERNAL'
          when request.id is not null then case when exists (
            select 1 from agreement where change_request_id = request.id
              and worked.local_date between from_on and coalesce(to_on, 'infinity')
          ) then 'APPROVED_CHANGE' else 'UNAPPROVED_CHANGE' end
          when ${isCommitted({ id: sql`worked.item_id`, customFields: sql`worked.custom_fields` }, settings)} then 'BASELINE'
          else 'UNLINKED'
        end as scope
      from worked
      ${implementing[howMany]}
      left join ${requests[howMany]} as request on request.id = coalesce(worked.named_request_id, implementing.request_id)
      left join (${projects}) as project on project.id = worked.project_id
    )`;
}

/** Whether a work item keeps something that was promised: by a link made here, or as its source says. */
export function isCommitted(
  item: { id: RawBuilder<unknown>; customFields: RawBuilder<unknown> },
  { commitmentField }: ScopeSettings,
): RawBuilder<unknown> {
  return sql`(coalesce(${item.customFields} ->> ${commitmentField}, '') <> ''
    or exists (
      select 1 from commitment_link join commitment on commitment.id = commitment_id and commitment.deleted_at is null
      where work_item_id = ${item.id}
    ))`;
}

/** Rates of people, or of roles, by the days they hold. `from` has them as `rate`. */
function ratePeriods(of: 'person_id' | 'role', from: RawBuilder<unknown>): RawBuilder<unknown> {
  const whose = sql.ref(`rate.${of}`);
  const condition =
    of === 'person_id' ? sql`rate.person_id is not null` : sql`rate.person_id is null and rate.role is not null`;
  const columns = ['bill_rate', 'bill_rate_currency', 'cost_rate', 'cost_rate_currency'];
  const rates = sql`select rate.*, ${whose} as whose from ${from} where deleted_at is null and ${condition}`;
  return validPeriods(rates, columns);
}
