import { Migration } from '@mikro-orm/migrations';

/** What is offered to the client, role by role, and what a change would cost by the price list. */
export class Proposals extends Migration {
  override up(): void {
    this.addSql(`create table "proposal" ("id" uuid not null, "name" text null, "version" bigint null, "state" text null, "price" numeric null, "price_currency" text null, "planned_cost" numeric null, "planned_cost_currency" text null, "planned_seconds" bigint null, "start" date null, "end" date null, "deliverables" jsonb null, "change_control" text null, "cadence_days" bigint null, "reporting_cycle_days" bigint null, "escalation_path" jsonb null, "url" text null, "opportunity_id" uuid null, "project_id" uuid null, "custom_fields" jsonb not null default '{}', "first_seen_at" timestamptz not null, "changed_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("id"))`);
    this.addSql(`create index "proposal_opportunity_id_idx" on "proposal" ("opportunity_id", "id")`);
    this.addSql(`create index "proposal_project_id_idx" on "proposal" ("project_id", "id")`);
    this.addSql(`create index "proposal_state_idx" on "proposal" ("state", "id")`);
    this.addSql(`create table "proposal_role" ("id" uuid not null, "proposal_id" uuid null, "role" text null, "seconds" bigint null, "custom_fields" jsonb not null default '{}', "first_seen_at" timestamptz not null, "changed_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("id"))`);
    this.addSql(`create index "proposal_role_proposal_id_idx" on "proposal_role" ("proposal_id", "id")`);
    this.addSql(`alter table "baseline" add column "proposal_id" uuid null`);
    this.addSql(`alter table "change_request" add column "list_price" numeric null, add column "list_price_currency" text null`);
  }
}
