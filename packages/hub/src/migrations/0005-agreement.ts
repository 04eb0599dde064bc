import { Migration } from '@mikro-orm/migrations';

/** Filled as change requests are mapped: the migration before has everything mapped anew. */
export class Agreements extends Migration {
  override up(): void {
    this.addSql(
      `create table "agreement" ("change_request_id" uuid not null, "from_on" date not null, "to_on" date null, primary key ("change_request_id", "from_on"))`,
    );
  }
}
