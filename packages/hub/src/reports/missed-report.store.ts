import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { askedProjects } from '../time/worked.store.ts';
import { dueDay, missedReports, type ReportingCycle } from './missed-report.rules.ts';

/** A project whose report is late by what its statement of work says. */
export interface MissedReport extends ReportingCycle {
  projectId: string;
  clientId: string | null;
  dueOn: string;
  /** How many were missed; 0 where the last one was taken in time, and not sent. */
  missed: number;
  lastSnapshotId: string | null;
  /** The last one, where it was taken, and its client was to have a report by now; null where that is not so. */
  unsent: UnsentReport | null;
}

/** A report that was taken and not sent. */
export interface UnsentReport {
  snapshotId: string;
  /** The day on which it was taken. */
  takenOn: string;
  /** The day by which its client was to have a report, counted from the last one that was sent. */
  dueOn: string;
}

interface CycleRow {
  project_id: string;
  client_id: string | null;
  cycle_days: string | number;
  begins: string;
  last_report: string | null;
  last_snapshot_id: string | null;
  unsent_since: string | null;
}

/** A hundred years: what a source calls a longer cycle promises nothing, and is beyond what days can be counted in. */
const LONGEST_CYCLE_DAYS = 36_500;

/**
 * For a `from`: those of `projects`, rows of `project`, that are under way and whose accepted statement of work wants
 * reports, with their last one and the last one that was sent. A report is a snapshot of the project's client that looks at
 * delivery. One that a clock which ran ahead has dated behind today is none yet.
 */
const reported = (projects: RawBuilder<unknown>, today: string): RawBuilder<unknown> => {
  const isReport = sql`scope_kind = 'CLIENT' and lens in ('DELIVERY', 'BOTH') and as_of::date <= ${today}::date
    and (scope_id = project.client_id or scope_id in (select id from merged_entity where survivor_id = project.client_id))`;
  return sql`
  ${projects}
  join lateral (
    select proposal.reporting_cycle_days::int as cycle_days, baseline.accepted_at::date as accepted_on, baseline.contract_value_currency as currency
    from baseline join proposal on proposal.id = baseline.proposal_id
    where baseline.project_id = project.id and proposal.deleted_at is null and proposal.reporting_cycle_days between 1 and ${LONGEST_CYCLE_DAYS}
    order by baseline.version limit 1
  ) as agreed on project.deleted_at is null and project.status in ('ACTIVE', 'ON_HOLD')
  left join lateral (
    select id, as_of from report_snapshot where ${isReport} order by as_of desc limit 1
  ) as last on true
  left join lateral (
    select as_of from report_snapshot where ${isReport}
      and exists (select 1 from report_sending where snapshot_id = report_snapshot.id)
    order by as_of desc limit 1
  ) as sent on true`;
};

const begins = sql`greatest(project.start, agreed.accepted_on)`;
const dueOn = sql`(greatest(${begins}, last.as_of::date) + agreed.cycle_days)`;
/** The day by which the last report was to be with its client, where it was taken since and not sent. */
const unsentSince = sql`case when last.as_of::date > ${begins} and (sent.as_of is null or last.as_of > sent.as_of)
  then greatest(${begins}, sent.as_of::date) + agreed.cycle_days end`;

const cycleColumns = sql`project.id as project_id, project.client_id, agreed.cycle_days, last.as_of::date as last_report,
  ${begins} as begins, last.id as last_snapshot_id, ${unsentSince} as unsent_since`;

/** Projects whose report is not there, the latest first; in one statement. */
export async function readMissedReports(rows: Rows, { today, limit }: Listed): Promise<MissedReport[]> {
  return readMissed(
    rows,
    today,
    sql`${reported(sql`project`, today)} where ${dueOn} < ${today}::date order by ${dueOn}, project.id limit ${limit}`,
  );
}

/** Projects whose report was taken and not sent, the latest first; in one statement. */
export async function readUnsentReports(rows: Rows, { today, limit }: Listed): Promise<MissedReport[]> {
  return readMissed(
    rows,
    today,
    sql`${reported(sql`project`, today)} where ${unsentSince} < ${today}::date order by ${unsentSince}, project.id limit ${limit}`,
  );
}

interface Listed {
  today: string;
  limit: number;
}

/** Those of these projects whose report is not there or was not sent, in one statement. */
export async function readMissedReportsOf(
  rows: Rows,
  { projectIds, today }: { projectIds: readonly string[]; today: string },
): Promise<MissedReport[]> {
  const projects = sql`${askedProjects(projectIds)} join project on project.id = asked.id`;
  return readMissed(
    rows,
    today,
    sql`${reported(projects, today)} where ${dueOn} < ${today}::date or ${unsentSince} < ${today}::date`,
  );
}

async function readMissed(rows: Rows, today: string, which: RawBuilder<unknown>): Promise<MissedReport[]> {
  const { rows: found } = await sql<CycleRow>`select ${cycleColumns} from ${which}`.execute(rows);
  return found.map((row) => {
    const cycle = { cycleDays: Number(row.cycle_days), begins: row.begins, lastReport: row.last_report };
    return {
      ...cycle,
      projectId: row.project_id,
      clientId: row.client_id,
      dueOn: dueDay(cycle),
      missed: missedReports(cycle, today),
      lastSnapshotId: row.last_snapshot_id,
      unsent: unsentIn(row, today),
    };
  });
}

function unsentIn(
  { last_snapshot_id: snapshotId, last_report: takenOn, unsent_since: dueOn }: CycleRow,
  today: string,
): UnsentReport | null {
  if (snapshotId === null || takenOn === null || dueOn === null || dueOn >= today) return null;
  return { snapshotId, takenOn, dueOn };
}

/** A client to whom a report is due by today, and in which currency: that of the client, or else of the contract it is due for. */
export interface DueReport {
  clientId: string;
  dueOn: string;
  /** ISO 4217 code; null where nobody says. */
  currency: string | null;
}

/** The clients to whom a report is due by today or was, the longest due first; in one statement. */
export async function readDueReports(rows: Rows, today: string): Promise<DueReport[]> {
  const { rows: found } = await sql<DueReport>`
    select * from (
      select distinct on (client.id) client.id as "clientId", ${dueOn}::text as "dueOn",
        coalesce(client.currency, agreed.currency, project.currency) as currency
      from ${reported(sql`project`, today)} join client on client.id = project.client_id and client.deleted_at is null
      where ${dueOn} <= ${today}::date order by client.id, ${dueOn}, project.id
    ) as due order by "dueOn", "clientId"`.execute(rows);
  return found;
}
