import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
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

/**
 * Projects under way whose accepted statement of work wants a report that is late, the latest first; in one statement. A
 * report is a snapshot of the project's client that looks at delivery.
 */
export async function readMissedReports(
  rows: Rows,
  { today, limit }: { today: string; limit: number },
): Promise<MissedReport[]> {
  const { rows: found } = await sql<CycleRow>`
    select project.id as project_id, project.client_id, agreed.cycle_days, last.as_of::date as last_report,
      greatest(project.start, agreed.accepted_on) as begins, last.id as last_snapshot_id
    from project
    join lateral (
      select proposal.reporting_cycle_days as cycle_days, baseline.accepted_at::date as accepted_on
      from baseline join proposal on proposal.id = baseline.proposal_id
      where baseline.project_id = project.id and proposal.deleted_at is null and proposal.reporting_cycle_days > 0
      order by baseline.version limit 1
    ) as agreed on true
    left join lateral (
      select id, as_of from report_snapshot
      where scope_kind = 'CLIENT' and lens in ('DELIVERY', 'BOTH') and (scope_id = project.client_id
        or scope_id in (select id from merged_entity where survivor_id = project.client_id))
      order by as_of desc limit 1
    ) as last on true
    where project.deleted_at is null and project.status in ('ACTIVE', 'ON_HOLD')
      and greatest(project.start, agreed.accepted_on, last.as_of::date) + agreed.cycle_days::int < ${today}::date
    order by greatest(project.start, agreed.accepted_on, last.as_of::date) + agreed.cycle_days::int, project.id
    limit ${limit}`.execute(rows);
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
