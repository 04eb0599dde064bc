import { Migration } from '@mikro-orm/migrations';

/** What a review showed, kept as it was, and what figures are to reach. */
export class ReviewPacks extends Migration {
  override up(): void {
    this.addSql(
      `create table "target" ("id" uuid not null, "metric" text null, "person_id" uuid null, "team" text null, "client_id" uuid null, "period_start" date null, "period_end" date null, "value" numeric null, "custom_fields" jsonb not null default '{}', "first_seen_at" timestamptz not null, "changed_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql(`create index "target_period_start_idx" on "target" ("period_start", "id")`);
    this.addSql(
      `create table "report_snapshot" ("id" uuid not null, "scope_kind" text not null, "scope_id" uuid null, "team" text null, "lens" text not null, "currency" text not null, "as_of" timestamptz not null, "taken_at" timestamptz not null, "taken_by" text not null, "metric_version" text not null, "inputs_hash" text not null, "watermarks" jsonb not null, "figures" jsonb not null, "left_out" jsonb not null, "narratives" jsonb not null, primary key ("id"))`,
    );
    this.addSql(`create index "report_snapshot_scope_idx" on "report_snapshot" ("scope_kind", "scope_id", "as_of")`);
  }
}
