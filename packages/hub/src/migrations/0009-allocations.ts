import { Migration } from '@mikro-orm/migrations';

/** Who is booked for what, and how a baseline is measured: its planned values, and how earned value is counted. */
export class Allocations extends Migration {
  override up(): void {
    this.addSql(
      `create table "allocation" ("id" uuid not null, "person_id" uuid null, "project_id" uuid null, "type" text null, "from" date null, "to" date null, "seconds_per_day" bigint null, "custom_fields" jsonb not null default '{}', "first_seen_at" timestamptz not null, "changed_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql(`create index "allocation_person_id_idx" on "allocation" ("person_id", "id")`);
    this.addSql(`create index "allocation_project_id_idx" on "allocation" ("project_id", "id")`);
    this.addSql(`create index "allocation_to_idx" on "allocation" ("to", "id")`);
    this.addSql(
      `alter table "baseline" add column "earned_value_method" text null, add column "planned_values" jsonb null`,
    );
  }
}
