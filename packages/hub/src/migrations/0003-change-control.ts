import { Migration } from '@mikro-orm/migrations';

/** What the hub itself decides: baselines, change orders, reviews, and the decisions behind them. */
export class ChangeControl extends Migration {
  override up(): void {
    this.addSql(`create table "baseline" ("id" uuid not null, "project_id" uuid not null, "version" int not null, "contract_value" numeric not null, "contract_value_currency" text not null, "planned_cost" numeric null, "planned_cost_currency" text null, "planned_seconds" bigint null, "start" date null, "end" date null, "origins" jsonb not null, "items" jsonb not null, "opportunity_id" uuid null, "change_order_id" uuid null, "accepted_at" timestamptz not null, "accepted_by" text not null, "evidence" jsonb not null, primary key ("id"))`);
    this.addSql(`alter table "baseline" add constraint "baseline_version_key" unique ("project_id", "version")`);
    this.addSql(`create table "change_order" ("id" uuid not null, "project_id" uuid not null, "name" text not null, "state" text not null, "amount" numeric not null, "currency" text not null, "signed_on" date null, "evidence" jsonb null, "created_at" timestamptz not null, "created_by" text not null, primary key ("id"))`);
    this.addSql(`create index "change_order_project_idx" on "change_order" ("project_id", "id")`);
    this.addSql(`create table "change_order_request" ("change_order_id" uuid not null, "change_request_id" uuid not null, primary key ("change_order_id", "change_request_id"))`);
    this.addSql(`create index "change_order_request_idx" on "change_order_request" ("change_request_id")`);
    this.addSql(`create table "commercial_review" ("change_request_id" uuid not null, "opened_at" timestamptz not null, "due_at" timestamptz not null, "closed_at" timestamptz null, "escalations" int not null, primary key ("change_request_id"))`);
    this.addSql(`create index "commercial_review_due_idx" on "commercial_review" ("due_at")`);
    this.addSql(`create table "decision" ("id" uuid not null, "subject_kind" text not null, "subject_id" uuid not null, "version" int not null, "action" text not null, "from_state" text null, "to_state" text null, "actor" text not null, "at" timestamptz not null, "details" jsonb not null, "idempotency_key" text null, primary key ("id"))`);
    this.addSql(`alter table "decision" add constraint "decision_version_key" unique ("subject_id", "version")`);
    this.addSql(`alter table "decision" add constraint "decision_idempotency_key" unique ("idempotency_key")`);
  }
}
