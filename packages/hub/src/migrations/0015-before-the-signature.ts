import { Migration } from '@mikro-orm/migrations';

/** What comes before the signature: commitments and the work that keeps them, reviews, and what every SOW must say. */
export class BeforeTheSignature extends Migration {
  override up(): void {
    this.addSql(`alter table "proposal" add column "list_price" numeric null, add column "list_price_currency" text null`);
    this.addSql(
      `create table "commitment" ("id" uuid not null, "key" text null, "text" text null, "deliverable" text null, "due" date null, "proposal_id" uuid null, "custom_fields" jsonb not null default '{}', "first_seen_at" timestamptz not null, "changed_at" timestamptz not null, "deleted_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql(`create index "commitment_proposal_id_idx" on "commitment" ("proposal_id", "id")`);
    this.addSql(
      `create table "commitment_link" ("work_item_id" uuid not null, "commitment_id" uuid not null, "linked_by" text not null, "linked_at" timestamptz not null, primary key ("work_item_id"))`,
    );
    this.addSql(`create index "commitment_link_commitment_idx" on "commitment_link" ("commitment_id", "work_item_id")`);
    this.addSql(
      `create table "feasibility_review" ("id" uuid not null, "proposal_id" uuid not null, "content_hash" text not null, "requested_by" text not null, "requester_id" uuid null, "requested_at" timestamptz not null, "reviewed_by" text null, "reviewer_id" uuid null, "started_at" timestamptz null, "decided_at" timestamptz null, "findings" jsonb null, "conditions" jsonb not null, primary key ("id"))`,
    );
    this.addSql(`create index "feasibility_review_proposal_idx" on "feasibility_review" ("proposal_id", "id")`);
    this.addSql(
      `create table "sow_standard" ("version" int not null, "clauses" jsonb not null, "published_by" text not null, "published_at" timestamptz not null, primary key ("version"))`,
    );
    this.addSql(
      `create table "sow_template" ("name" text not null, "version" int not null, "terms" jsonb not null, "published_by" text not null, "published_at" timestamptz not null, primary key ("name", "version"))`,
    );
  }
}
