import { Migration } from '@mikro-orm/migrations';

/**
 * What is only ever read as a whole is `json`, its text, and no longer `jsonb`, which is a third larger and takes as
 * much time again to build. A payload's members keep their order and its numbers their digits.
 */
export class DocumentsAsText extends Migration {
  override up(): void {
    this.addSql(`alter table "record_payload" alter column "payload" type json`);
    this.addSql(
      `alter table "facet" alter column "keys" type json, alter column "fields" type json, alter column "custom_fields" type json, alter column "history" type json`,
    );
  }
}
