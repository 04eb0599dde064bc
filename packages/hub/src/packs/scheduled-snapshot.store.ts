import { explain, kindNames, type Logger } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { readDueReports } from '../reports/missed-report.store.ts';
import type { ReviewQuestion } from './pack-figures.store.ts';
import type { ReviewScope } from './review-scope.ts';
import type { ReviewsSettings } from './reviews.settings.ts';
import { waitsUntil, weeklyDueOn } from './schedule.rules.ts';
import { keepSnapshot } from './snapshot.store.ts';

/** A snapshot that is to be there by now, and for which day. */
interface Due {
  question: ReviewQuestion;
  dueOn: string;
}

interface Schedule {
  settings: ReviewsSettings;
  /** When this process began to read its sources. */
  openedAt: string;
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Takes every snapshot that is due and not there, each in a transaction of its own, as of now, whatever day it was due.
 * One that cannot be taken keeps no other from being taken: it is logged, and tried again with the next call. Returns
 * how many were taken.
 */
export async function takeDueSnapshots(context: Context, schedule: Schedule): Promise<number> {
  const { logger, signal } = schedule;
  const now = context.clock.now().toString();
  const due = await readDue(context, schedule, now.slice(0, 10));
  if (due.length === 0) return 0;
  const { stale } = await context.freshnessOf(kindNames);
  let taken = 0;
  for (const each of due) {
    if (signal.aborted) break;
    const { dueOn, question } = each;
    if (stale.length > 0 && Temporal.Instant.compare(now, waitsUntil({ ...schedule, dueOn })) < 0) continue;
    try {
      if (!(await takeOnce(context, each))) continue;
      taken += 1;
      if (dueOn < now.slice(0, 10)) logger.warn({ ...told(question.scope), dueOn }, 'A snapshot was taken late.');
    } catch (error) {
      logger.error({ ...told(question.scope), dueOn, error: explain(error) }, 'A snapshot that is due was not taken.');
    }
  }
  return taken;
}

function told({ kind, id }: ReviewScope): { scope: string; client?: string } {
  return id === null ? { scope: kind } : { scope: kind, client: id };
}

async function readDue(context: Context, { settings, logger }: Schedule, today: string): Promise<Due[]> {
  const { rows } = context;
  const reports = settings.clientReports ? await readDueReports(rows, today) : [];
  const clients = reports.flatMap(({ clientId, dueOn, currency }): Due[] => {
    const scope: ReviewScope = { kind: 'CLIENT', id: clientId, team: null };
    if (currency !== null) return [{ question: { scope, lens: 'DELIVERY', currency, asOf: null }, dueOn }];
    logger.error({ ...told(scope), dueOn }, 'A report is due, but neither its client nor its contract has a currency.');
    return [];
  });
  return [...clients, ...(await readPortfolioDue(rows, settings, today))];
}

async function readPortfolioDue(rows: Rows, { portfolio }: ReviewsSettings, today: string): Promise<Due[]> {
  if (!portfolio) return [];
  const { weekday, currency, lens } = portfolio;
  const { rows: found } = await sql<{ due_on: string | null }>`
    select max(due_on)::text as due_on from report_snapshot
    where scope_kind = 'PORTFOLIO' and lens = ${lens} and ${wasTakenBy(today)}`.execute(rows);
  const dueOn = weeklyDueOn({ weekday, today, lastDueOn: found[0]?.due_on ?? null });
  if (dueOn === null) return [];
  return [{ question: { scope: { kind: 'PORTFOLIO', id: null, team: null }, lens, currency, asOf: null }, dueOn }];
}

/** Without what a clock that ran ahead has dated behind today, whatever day it was for. */
function wasTakenBy(today: string) {
  return sql`as_of::date <= ${today}::date`;
}

/** The lock that one worker holds is what another waits for, and then finds the snapshot there. */
function takeOnce(context: Context, { question, dueOn }: Due): Promise<boolean> {
  return context.database.transaction(async (rows) => {
    await context.own.lock(rows);
    const { scope, lens } = question;
    const today = context.clock.now().toString().slice(0, 10);
    const { rows: there } = await sql`
      select 1 from report_snapshot where scope_kind = ${scope.kind} and scope_id is not distinct from ${scope.id}::uuid
        and lens = ${lens} and due_on = ${dueOn}::date and ${wasTakenBy(today)} limit 1`.execute(rows);
    if (there.length > 0) return false;
    await keepSnapshot({ ...context, rows }, question, { dueOn });
    return true;
  });
}
