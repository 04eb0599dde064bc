import { Migration } from '@mikro-orm/migrations';

/** Tokens by which clients see their status. */
export class ClientTokens extends Migration {
  override up(): void {
    this.addSql(
      `create table "client_token" ("id" uuid not null, "client_id" uuid not null, "name" text not null, "hash" text not null, "created_at" timestamptz not null, "created_by" text not null, "expires_at" timestamptz not null, "last_used_on" date null, "revoked_at" timestamptz null, "revoked_by" text null, primary key ("id"))`,
    );
    this.addSql(`create index "client_token_client_idx" on "client_token" ("client_id")`);
    this.addSql(`alter table "client_token" add constraint "client_token_hash_key" unique ("hash")`);
  }
}
