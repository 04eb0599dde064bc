import { Migration } from '@mikro-orm/migrations';

/** What was asked under an idempotency key, so that another content under the same key is told from the same again. */
export class WhatAKeyWasUsedFor extends Migration {
  override up(): void {
    this.addSql(`alter table "decision" add column "asked" text null`);
  }
}
