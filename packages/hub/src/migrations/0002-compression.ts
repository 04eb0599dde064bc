import { Migration } from '@mikro-orm/migrations';

/**
 * Documents and long texts are compressed by LZ4 where the server was built with it: pglz, the default, takes as much
 * time as all else that storing a payload takes together.
 */
export class Compression extends Migration {
  override up(): void {
    for (const [table, column] of [
      ['record_payload', 'payload'],
      ['facet', 'fields'],
      ['facet', 'history'],
      ['version', 'snapshot'],
      ['work_item', 'description'],
      ['change_request', 'description'],
      ['risk', 'description'],
      ['time_entry', 'note'],
    ]) {
      this.addSql(`
        do $$ begin
          execute 'alter table "${table}" alter column "${column}" set compression lz4';
        exception when feature_not_supported or invalid_parameter_value or syntax_error then null;
        end $$`);
    }
  }
}
