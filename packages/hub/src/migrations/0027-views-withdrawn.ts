import { Migration } from '@mikro-orm/migrations';

/** That a view is shared with the client no more. */
export class ViewsWithdrawn extends Migration {
  override up(): void {
    this.addSql(
      `create table "view_withdrawal" ("view_id" uuid not null, "reason" text null, "recorded_at" timestamptz not null, "actor" text not null, primary key ("view_id"))`,
    );
  }
}
