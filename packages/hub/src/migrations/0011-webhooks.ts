import { Migration } from '@mikro-orm/migrations';

/** What vendors told: what is to be looked at, which events are known already, how it goes, and what is subscribed. */
export class WebhooksIn extends Migration {
  override up(): void {
    this.addSql(
      `create table "webhook_event" ("source_id" text not null, "key" text not null, "keep_until" timestamptz not null, primary key ("source_id", "key"))`,
    );
    this.addSql(`create index "webhook_event_keep_idx" on "webhook_event" ("keep_until")`);
    this.addSql(
      `create table "webhook_look" ("source_id" text not null, "stream" text not null, "external_id" text not null, "mark" uuid not null, "wanted_at" timestamptz not null, "tries" int not null, primary key ("source_id", "stream", "external_id"))`,
    );
    this.addSql(
      `create table "webhook_health" ("source_id" text not null, "last_event_at" timestamptz null, "accepted" bigint not null, "repeated" bigint not null, "refused" bigint not null, "last_refused_at" timestamptz null, "last_refusal" text null, "problems" jsonb not null, primary key ("source_id"))`,
    );
    this.addSql(
      `create table "webhook_subscription" ("source_id" text not null, "id" text not null, "subject" text not null, "expires_at" timestamptz null, "details" jsonb not null, primary key ("source_id", "id"))`,
    );
  }
}
