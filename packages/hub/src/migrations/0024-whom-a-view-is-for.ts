import { Migration } from '@mikro-orm/migrations';

/** The client that a view was about: what was written before nobody noted, so no client is shown it. */
export class WhomAViewIsFor extends Migration {
  override up(): void {
    this.addSql(`alter table "opportunity_view" add column "client_id" uuid null`);
  }
}
