import { sql } from 'kysely';
import { hash, randomBytes, randomUUIDv7 } from 'node:crypto';
import { NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';

export interface ClientTokenRow {
  id: string;
  name: string;
  created_at: string;
  created_by: string;
  expires_at: string;
  last_used_on: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
}

/** Whose status a token shows. */
export interface TokenHolder {
  tokenId: string;
  clientId: string;
  client: string | null;
  lastUsedOn: string | null;
}

/** Tokens of one client, and of those that were merged into it, that work at the same time. */
const MOST_TOKENS = 50;

const columns = sql.raw(
  ['id', 'name', 'created_at', 'created_by', 'expires_at', 'last_used_on', 'revoked_at', 'revoked_by']
    .map((column) => `token.${column}`)
    .join(', '),
);

/** Recognisable by what looks for secrets that were left lying about; 256 random bits behind the prefix. */
const tokenForm = /^plumbline-client-[\w-]{43}$/;

/** The hash a token is kept and found by; null for a text that cannot be one. */
export function hashOfToken(token: string): string | null {
  return tokenForm.test(token) ? hash('sha256', token) : null;
}

/** Makes a token for a client, through merges; returns the only copy of its text. Throws NotFoundError or RefusedError. */
export async function createClientToken(
  rows: Rows,
  input: { clientId: string; name: string; expiresAt: string; actor: string; now: string },
): Promise<{ token: string; row: ClientTokenRow }> {
  const { rows: found } = await sql<{ id: string; tokens: string | number }>`
    select client.id, (select count(*) from client_token as token
      where (token.client_id = client.id or token.client_id in (select id from merged_entity where survivor_id = client.id))
        and revoked_at is null and expires_at > ${input.now}::timestamptz) as tokens
    from client where deleted_at is null
      and id = coalesce((select survivor_id from merged_entity where id = ${input.clientId}::uuid), ${input.clientId}::uuid)`.execute(
    rows,
  );
  const [client] = found;
  if (!client) throw new NotFoundError('There is no such client.', 'It may have been deleted; list the clients again.');
  if (Number(client.tokens) >= MOST_TOKENS)
    throw new RefusedError({
      guard: 'tokens',
      message: `The client has ${MOST_TOKENS} tokens that work.`,
      remedy: 'Revoke those that nobody uses, by `revokeClientToken`.',
    });
  const token = `plumbline-client-${randomBytes(32).toString('base64url')}`;
  const { rows: made } = await sql<ClientTokenRow>`
    insert into client_token as token (id, client_id, name, hash, created_at, created_by, expires_at)
    values (${randomUUIDv7()}::uuid, ${client.id}::uuid, ${input.name}, ${hashOfToken(token)}, ${input.now}::timestamptz,
      ${input.actor}, ${input.expiresAt}::timestamptz) returning ${columns}`.execute(rows);
  const [row] = made;
  if (!row) throw new Error('the token was not written');
  return { token, row };
}

/** Ends a token at once; one that has ended stays as it is. Throws NotFoundError. */
export async function revokeClientToken(
  rows: Rows,
  input: { id: string; actor: string; now: string },
): Promise<ClientTokenRow> {
  const { rows: found } = await sql<ClientTokenRow>`
    update client_token as token set revoked_at = coalesce(revoked_at, ${input.now}::timestamptz),
      revoked_by = coalesce(revoked_by, ${input.actor})
    where id = ${input.id}::uuid returning ${columns}`.execute(rows);
  const [row] = found;
  if (!row) throw new NotFoundError('There is no such token.', 'Read the `tokens` of the client.');
  return row;
}

/** The tokens of each client and of those that were merged into it, the latest first. */
export async function readClientTokens(rows: Rows, clientIds: readonly string[]): Promise<ClientTokenRow[][]> {
  const asked = unnest('asked', clientIds, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<ClientTokenRow & { asked_id: string }>`
    select asked.id as asked_id, ${columns} from ${asked} join client_token as token
      on token.client_id = asked.id or token.client_id in (select id from merged_entity where survivor_id = asked.id)
    order by token.id desc`.execute(rows);
  const byClient = Map.groupBy(found, (row) => row.asked_id);
  return clientIds.map((id) => byClient.get(id) ?? []);
}

/** The client that a token stands for, through merges; null where it does not work, for whatever reason. */
export async function findHolder(rows: Rows, tokenHash: string, now: string): Promise<TokenHolder | null> {
  const { rows: found } = await sql<TokenHolder>`
    select token.id as "tokenId", client.id as "clientId", client.name as client, token.last_used_on as "lastUsedOn"
    from client_token as token
    left join merged_entity on merged_entity.id = token.client_id
    join client on client.id = coalesce(merged_entity.survivor_id, token.client_id) and client.deleted_at is null
    where token.hash = ${tokenHash} and token.revoked_at is null and token.expires_at > ${now}::timestamptz`.execute(
    rows,
  );
  return found[0] ?? null;
}

/** Notes the day on which a token was used. */
export async function noteTokenUse(rows: Rows, tokenId: string, day: string): Promise<void> {
  await sql`
    update client_token set last_used_on = ${day}::date
    where id = ${tokenId}::uuid and last_used_on is distinct from ${day}::date`.execute(rows);
}
