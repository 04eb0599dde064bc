import { Migration } from '@mikro-orm/migrations';

/** Snapshots that a schedule takes, and reminders of views that are old. */
export class ReviewsByThemselves extends Migration {
  override up(): void {
    this.addSql(`alter table "report_snapshot" add column "due_on" date null`);
    this.addSql(
      `create table "reminder" ("id" uuid not null, "person_id" uuid not null, "day" date not null, "subject_kind" text not null, "subject_id" uuid not null, "perspective" text not null, "last_as_of" timestamptz null, "old_since" timestamptz not null, "nth" int not null, "recorded_at" timestamptz not null, primary key ("id"))`,
    );
    this.addSql(`create index "reminder_subject_idx" on "reminder" ("subject_id", "person_id")`);
    this.addSql(`create index "reminder_day_idx" on "reminder" ("day", "person_id")`);
    this.addSql(
      `alter table "reminder" add constraint "reminder_once_a_day_key" unique ("person_id", "day", "subject_id", "perspective")`,
    );
  }
}
