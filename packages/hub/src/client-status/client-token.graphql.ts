import { InputError, RefusedError } from '../kernel/api-error.ts';
import { stepErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId, encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import type { ClientStatusSettings } from './client-status.settings.ts';
import { createClientToken, readClientTokens, revokeClientToken, type ClientTokenRow } from './client-token.store.ts';

declare module '../kernel/context.ts' {
  interface Context {
    /** Null where clients are shown nothing. */
    clientStatus: ClientStatusSettings | null;
  }
}

const MOST_DAYS = 366;
const MOST_LETTERS = 200;

/** `tokens` of a client, and the mutations that make and revoke them. */
export function addClientTokens(graph: Graph): void {
  const { builder } = graph;
  const token = addTokenType(graph);
  const created = builder.objectRef<{ token: string; row: ClientTokenRow }>('NewClientToken').implement({
    description: 'A token that was just made. Its text is shown this once.',
    fields: (t) => ({
      token: t.exposeString('token', {
        nullable: false,
        description: 'What the client gives to see its status. The hub keeps a hash of it only.',
      }),
      details: t.field({ type: token, nullable: false, description: 'What is kept of it.', resolve: (of) => of.row }),
    }),
  });
  builder.objectField(graph.typeOf('client').ref, 'tokens', (t) =>
    t.field({
      type: [token],
      nullable: false,
      description: 'The tokens that show, or showed, its status to people there, the latest first.',
      complexity: { field: 2, multiplier: 5 },
      resolve: (row, _, { load, rows }: Context) =>
        load.batch('client tokens', String(row['id']), (ids) => readClientTokens(rows, ids)),
    }),
  );
  builder.mutationField('createClientToken', (t) =>
    t.field({
      type: created,
      nullable: false,
      description:
        'Makes a token by which somebody at a client sees how its projects stand: at /client/status as a page, at /client/graphql as data. Wants `clientStatus` in the configuration.',
      errors: stepErrors('The token.'),
      args: {
        client: t.arg.id({ required: true, description: 'Id of the client.' }),
        name: t.arg.string({
          required: true,
          description: `Whom it is for, so that one can tell it from others; ${MOST_LETTERS} characters at most.`,
        }),
        expiresAt: t.arg({
          type: 'Instant',
          required: true,
          description: `Until when it works; within ${MOST_DAYS} days.`,
        }),
      },
      resolve: (_, { client, name, expiresAt }, context: Context) => {
        const now = context.clock.now();
        requireClientStatus(context);
        const input = {
          clientId: decodeId(client, 'client', 'client'),
          name: checkedName(name),
          expiresAt: checkedEnd(expiresAt, now),
          actor: context.actor,
          now: now.toString(),
        };
        return context.database.transaction((rows) => createClientToken(rows, input));
      },
    }),
  );
  builder.mutationField('revokeClientToken', (t) =>
    t.field({
      type: token,
      nullable: false,
      description: 'Ends a token at once. Doing it twice changes nothing.',
      errors: stepErrors('The token as it is now.'),
      args: { id: t.arg.id({ required: true, description: 'Id of the token; not its text.' }) },
      resolve: (_, { id }, { actor, clock, database }: Context) =>
        revokeClientToken(database.rows, {
          id: decodeId(id, 'clientToken', 'id'),
          actor,
          now: clock.now().toString(),
        }),
    }),
  );
}

function addTokenType({ builder }: Graph) {
  return builder.objectRef<ClientTokenRow>('ClientToken').implement({
    description: 'A token that shows a client its status. Its text is not kept.',
    fields: (t) => ({
      id: t.id({ nullable: false, description: 'Id of the token.', resolve: ({ id }) => encodeId('ClientToken', id) }),
      name: t.exposeString('name', { nullable: false, description: 'Whom it is for.' }),
      createdAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was made.',
        resolve: (of) => instantText(of.created_at),
      }),
      createdBy: t.exposeString('created_by', { nullable: false, description: 'The key that made it.' }),
      expiresAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Until when it works, unless it is revoked.',
        resolve: (of) => instantText(of.expires_at),
      }),
      lastUsedOn: t.expose('last_used_on', {
        type: 'LocalDate',
        description: 'The last day, in UTC, on which somebody used it; null while nobody has.',
      }),
      revokedAt: t.field({
        type: 'Instant',
        description: 'When it was revoked; null while it was not.',
        resolve: (of) => (of.revoked_at === null ? null : instantText(of.revoked_at)),
      }),
      revokedBy: t.exposeString('revoked_by', { description: 'The key that revoked it.' }),
    }),
  });
}

function requireClientStatus({ clientStatus }: Context): void {
  if (clientStatus) return;
  throw new RefusedError({
    guard: 'clientStatus',
    message: 'This hub shows clients nothing, so a token would open nothing.',
    remedy: 'Set `clientStatus` in plumbline.config.ts and start it again.',
  });
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= MOST_LETTERS) return trimmed;
  throw new InputError(
    'name',
    `A name has 1 to ${MOST_LETTERS} characters.`,
    'Say whom the token is for, such as "Steering committee".',
  );
}

function checkedEnd(expiresAt: string, now: Temporal.Instant): string {
  const days = Temporal.Instant.from(expiresAt).since(now).total('hours') / 24;
  if (days > 0 && days <= MOST_DAYS) return expiresAt;
  throw new InputError(
    'expiresAt',
    days > 0 ? `A token works for ${MOST_DAYS} days at most.` : 'That is in the past.',
    `Give an instant within ${MOST_DAYS} days, and make another token when it ends.`,
  );
}
