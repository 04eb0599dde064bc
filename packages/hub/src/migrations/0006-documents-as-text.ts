import { Migration } from '@mikro-orm/migrations';

/**
 * What is only ever read as a whole is `json`, its text, and no longer `jsonb`, which is a third larger and takes as
 * much time again to build. A payload's members keep their order and its numbers their digits. A column that changes
 * its type forgets its compression, so that is said again.
 */
export class DocumentsAsText extends Migration {
  override up(): void {
    this.addSql(`alter table "record_payload" alter column "payload" type json`);
    this.addSql(
      `alter table "facet" alter column "keys" type json, alter column "fields" type json, alter column "custom_fields" type json, alter column "history" type json`,
    );
    this.addSql(`
      do $$ begin
        alter table "record_payload" alter column "payload" set compression lz4;
        alter table "facet" alter column "fields" set compression lz4, alter column "history" set compression lz4;
      exception when feature_not_supported or invalid_parameter_value or syntax_error then null;
      end $$`);
  }
}
