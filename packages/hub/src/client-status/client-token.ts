import { defineEntity, p } from '@mikro-orm/core';

/** What lets somebody at a client see the client's status. Of the token itself only a hash is kept. */
export const ClientToken = defineEntity({
  name: 'ClientToken',
  tableName: 'client_token',
  properties: {
    id: p.uuid().primary(),
    client_id: p.uuid(),
    /** Whom it was given to, in the words of who made it. */
    name: p.text(),
    hash: p.text(),
    created_at: p.string().columnType('timestamptz'),
    created_by: p.text(),
    expires_at: p.string().columnType('timestamptz'),
    /** The day, in UTC: enough to find those that nobody uses. */
    last_used_on: p.string().columnType('date').nullable(),
    revoked_at: p.string().columnType('timestamptz').nullable(),
    revoked_by: p.text().nullable(),
  },
  uniques: [{ name: 'client_token_hash_key', properties: ['hash'] }],
  indexes: [{ name: 'client_token_client_idx', properties: ['client_id'] }],
});
