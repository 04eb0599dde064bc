import { Migration } from '@mikro-orm/migrations';

/** That a report was sent to its client. */
export class ReportsSent extends Migration {
  override up(): void {
    this.addSql(
      `create table "report_sending" ("id" uuid not null, "snapshot_id" uuid not null, "sent_at" timestamptz not null, "sent_to" text not null, "recorded_at" timestamptz not null, "actor" text not null, primary key ("id"))`,
    );
    this.addSql(`create index "report_sending_snapshot_idx" on "report_sending" ("snapshot_id", "sent_at")`);
  }
}
