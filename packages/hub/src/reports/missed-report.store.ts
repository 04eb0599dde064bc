import { sql, type RawBuilder } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { askedProjects } from '../time/worked.store.ts';
import { dueDay, missedReports, type ReportingCycle } from './missed-report.rules.ts';

/** A project whose report is late by what its statement of work says. */
export interface MissedReport extends ReportingCycle {
  projectId: string;
  clientId: string | null;
  dueOn: string;
  /** How many were missed. */
  missed: number;
  lastSnapshotId: string | null;
}

interface CycleRow {
  project_id: string;
  client_id: string | null;
  cycle_days: string | number;
  begins: string;
  last_report: string | null;
  last_snapshot_id: string | null;
}

/** A hundred years: what a source calls a longer cycle promises nothing, and is beyond what days can be counted in. */
const LONGEST_CYCLE_DAYS = 36_500;

/**
 * For a `from`: those of `projects`, rows of `project`, that are under way and whose accepted statement of work wants
 * reports, with their last one. A report is a snapshot of the project's client that looks at delivery.
 */
const reported = (projects: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  ${projects}
  join lateral (
    select proposal.reporting_cycle_days as cycle_days, baseline.accepted_at::date as accepted_on, baseline.contract_value_currency as currency
    from baseline join proposal on proposal.id = baseline.proposal_id
    where baseline.project_id = project.id and proposal.deleted_at is null and proposal.reporting_cycle_days between 1 and ${LONGEST_CYCLE_DAYS}
    order by baseline.version limit 1
  ) as agreed on project.deleted_at is null and project.status in ('ACTIVE', 'ON_HOLD')
  left join lateral (
    select id, as_of from report_snapshot
    where scope_kind = 'CLIENT' and lens in ('DELIVERY', 'BOTH') and (scope_id = project.client_id
      or scope_id in (select id from merged_entity where survivor_id = project.client_id))
    order by as_of desc limit 1
  ) as last on true`;

const dueOn = sql`(greatest(project.start, agreed.accepted_on, last.as_of::date) + agreed.cycle_days::int)`;

const cycleColumns = sql`project.id as project_id, project.client_id, agreed.cycle_days, last.as_of::date as last_report,
  greatest(project.start, agreed.accepted_on) as begins, last.id as last_snapshot_id`;

/** Projects whose report is late, the latest first; in one statement. */
export async function readMissedReports(
  rows: Rows,
  { today, limit }: { today: string; limit: number },
): Promise<MissedReport[]> {
  return readMissed(
    rows,
    today,
    sql`${reported(sql`project`)} where ${dueOn} < ${today}::date order by ${dueOn}, project.id limit ${limit}`,
  );
}

/** Those of these projects whose report is late, in one statement. */
export async function readMissedReportsOf(
  rows: Rows,
  { projectIds, today }: { projectIds: readonly string[]; today: string },
): Promise<MissedReport[]> {
  const projects = sql`${askedProjects(projectIds)} join project on project.id = asked.id`;
  return readMissed(rows, today, sql`${reported(projects)} where ${dueOn} < ${today}::date`);
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
    };
  });
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
      from ${reported(sql`project`)} join client on client.id = project.client_id and client.deleted_at is null
      where ${dueOn} <= ${today}::date order by client.id, ${dueOn}, project.id
    ) as due order by "dueOn", "clientId"`.execute(rows);
  return found;
}
