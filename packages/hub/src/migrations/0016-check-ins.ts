import { Migration } from '@mikro-orm/migrations';

/** How people see what is sold and delivered, what is in the way, and what is needed to close. */
export class CheckIns extends Migration {
  override up(): void {
    this.addSql(
      `create table "opportunity_view" ("id" uuid not null, "subject_kind" text not null, "subject_id" uuid not null, "perspective" text not null, "text" text not null, "confidence" numeric null, "next_step" text null, "next_step_date" date null, "help_wanted" text null, "audience" text not null, "as_of" timestamptz not null, "recorded_at" timestamptz not null, "actor" text not null, "author_id" uuid null, "obstacle_ids" jsonb not null, "close_need_ids" jsonb not null, primary key ("id"))`,
    );
    this.addSql(`create index "opportunity_view_subject_idx" on "opportunity_view" ("subject_id", "as_of")`);
    for (const table of ['obstacle', 'close_need']) {
      this.addSql(
        `create table "${table}" ("id" uuid not null, "title" text null, "category" text null, "severity" text null, "status" text null, "raised_at" timestamptz null, "due" date null, "closed_at" timestamptz null, "outcome" text null, "opportunity_id" uuid null, "project_id" uuid null, "owner_id" uuid null, "custom_fields" jsonb not null default '{}', "first_seen_at" timestamptz not null, "changed_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("id"))`,
      );
      for (const column of ['opportunity_id', 'project_id', 'owner_id', 'due'])
        this.addSql(`create index "${table}_${column}_idx" on "${table}" ("${column}", "id")`);
    }
  }
}
