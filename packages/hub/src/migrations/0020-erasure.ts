import { Migration } from '@mikro-orm/migrations';

/** That something was erased, and what vendors want erased and nobody has yet. */
export class Erasures extends Migration {
  override up(): void {
    this.addSql(
      `create table "erasure" ("id" uuid not null, "asked_by" text not null, "reason" text not null, "erased_at" timestamptz not null, "records" jsonb not null, "counts" jsonb not null, "left_alone" jsonb not null, primary key ("id"))`,
    );
    this.addSql(`create index "erasure_erased_idx" on "erasure" ("erased_at", "id")`);
    this.addSql(`create table "erasure_secret" ("secret" text not null, primary key ("secret"))`);
    this.addSql(`alter table "webhook_look" add column "erase" boolean not null default false`);
  }
}
