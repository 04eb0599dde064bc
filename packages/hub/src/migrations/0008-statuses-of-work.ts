import { Migration } from '@mikro-orm/migrations';

/** Finds the work items that ever had a status, by what their source remembers or by the versions the hub saw. */
export class StatusesOfWork extends Migration {
  override up(): void {
    this.addSql(
      `create index "past_status_idx" on "past" using gin ((lower(jsonb_path_query_array("fields", '$.status.values[*][1]')::text)::jsonb)) where "kind" = 'workItem'`,
    );
    this.addSql(
      `create index "version_status_idx" on "version" (lower("snapshot" ->> 'status'), "entity_id") where "kind" = 'workItem' and "changed" @> '["status"]'`,
    );
  }
}
