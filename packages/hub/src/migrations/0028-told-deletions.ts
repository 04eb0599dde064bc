import { Migration } from '@mikro-orm/migrations';

/** What a vendor says was deleted is looked at as such: a record that is gone by then was not merely hidden. */
export class ToldDeletions extends Migration {
  override up(): void {
    this.addSql(`alter table "webhook_look" add column "deleted" boolean not null default false`);
  }
}
