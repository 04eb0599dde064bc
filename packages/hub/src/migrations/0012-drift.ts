import { Migration } from '@mikro-orm/migrations';

/** What a source's account had when its mapping was made for it, and where the two have drifted apart since. */
export class Drift extends Migration {
  override up(): void {
    this.addSql(
      `create table "source_drift" ("source_id" text not null, "mapping" text not null, "looked_at" timestamptz not null, "accepted" jsonb not null, "findings" jsonb not null, primary key ("source_id"))`,
    );
  }
}
