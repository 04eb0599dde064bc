import { Migration } from '@mikro-orm/migrations';

/** What a record has around it moves none of its times: a census compares it. */
export class Surroundings extends Migration {
  override up(): void {
    this.addSql(`alter table "record" add column "surroundings" text null`);
  }
}
