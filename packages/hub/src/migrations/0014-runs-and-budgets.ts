import { Migration } from '@mikro-orm/migrations';

/** One budget for all processes, and runs that somebody else may end. A crash of the server may forget where budgets stood. */
export class RunsAndBudgets extends Migration {
  override up(): void {
    this.addSql(
      `create unlogged table "rate_schedule" ("source_id" text not null, "endpoint_class" text not null, "next" double precision not null, "paused_until" double precision not null, primary key ("source_id", "endpoint_class"))`,
    );
    this.addSql(`alter table "sync_run" add column "cancel_asked_by" text null, add column "lag" bigint null, add column "unread" boolean not null default false, add column "alive_at" timestamptz null`);
    this.addSql(`create index "sync_run_running_idx" on "sync_run" ("source_id") where "status" = 'RUNNING'`);
  }
}
