import { Migration } from '@mikro-orm/migrations';

/**
 * What sources remember of an entity's past, beside its versions. The next poll of each stream maps everything stored
 * anew; facets that have forgotten their history then differ, and so the past of what is there already is filled in.
 */
export class PastValues extends Migration {
  override up(): void {
    this.addSql(
      `create table "past" ("entity_id" uuid not null, "kind" text not null, "since" timestamptz not null, "until" timestamptz not null, "fields" jsonb not null, primary key ("entity_id"))`,
    );
    this.addSql(`create index "past_until_idx" on "past" ("kind", "until", "entity_id")`);
    this.addSql(`create index "version_valid_idx" on "version" ("kind", "valid_from", "entity_id")`);
    this.addSql(`update "facet" set "history" = '[]' where "history" <> '[]' and "deleted_at" is null`);
    this.addSql(`update "stream_cursor" set "mapping" = ''`);
  }
}
