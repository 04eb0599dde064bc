import { Migration } from '@mikro-orm/migrations';

/**
 * Who made a value what it was is in the payloads that are stored already. The next poll of these streams maps them anew;
 * of other connectors' streams that are called alike this changes nothing.
 */
export class WhoMadeItSo extends Migration {
  override up(): void {
    this.addSql(`update "stream_cursor" set "mapping" = '' where "stream" in ('owners', 'deals', 'issues')`);
  }
}
