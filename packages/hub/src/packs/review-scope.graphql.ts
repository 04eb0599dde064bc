import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { reviewLenses, reviewScopeKinds, type ReviewScope } from './review-scope.ts';

export interface ReviewScopeGiven {
  person?: string | null | undefined;
  team?: string | null | undefined;
  client?: string | null | undefined;
  portfolio?: boolean | null | undefined;
}

const LONGEST_TEAM = 200;
/** As many teams as an error names. */
const MOST_TEAMS = 20;

/** Of whom a review is, and through which lens: the types of questions and answers. */
export function addReviewScope({ builder, typeOf }: Graph) {
  const kind = builder.enumType('ReviewScopeKind', {
    description: 'Of what a review is.',
    values: {
      PERSON: { description: 'The deals that a person sells and the projects that they lead.' },
      TEAM: { description: 'Those of the people of a team.' },
      CLIENT: { description: 'Those of a client.' },
      PORTFOLIO: { description: 'All of them.' },
    } satisfies Record<(typeof reviewScopeKinds)[number], { description: string }>,
  });
  const lens = builder.enumType('ReviewLens', {
    description: 'At what a review looks.',
    values: {
      SALES: { description: 'At what is sold.' },
      DELIVERY: { description: 'At what is delivered.' },
      BOTH: { description: 'At both, on one page.' },
    } satisfies Record<(typeof reviewLenses)[number], { description: string }>,
  });
  const given = builder.inputRef<ReviewScopeGiven>('ReviewScopeInput').implement({
    description: 'Of whom: exactly one of these.',
    fields: (t) => ({
      person: t.id({ description: 'Id of a seller or manager.' }),
      team: t.string({ description: 'Name of a team.' }),
      client: t.id({ description: 'Id of a client.' }),
      portfolio: t.boolean({ description: 'True for everything.' }),
    }),
  });
  const scope = builder.objectRef<ReviewScope>('ReviewScope').implement({
    description: 'Of whom a review is.',
    fields: (t) => ({
      kind: t.expose('kind', { type: kind, nullable: false, description: 'Of what.' }),
      person: t.field({
        type: typeOf('person').ref,
        description: 'The person, where it is of one.',
        resolve: (of, _, { load }: Context) => (of.kind === 'PERSON' ? load.entity('person', of.id) : null),
      }),
      team: t.exposeString('team', { description: 'The team, where it is of one.' }),
      client: t.field({
        type: typeOf('client').ref,
        description: 'The client, where it is of one.',
        resolve: (of, _, { load }: Context) => (of.kind === 'CLIENT' ? load.entity('client', of.id) : null),
      }),
    }),
  });
  return { given, scope, lens };
}

export type ReviewScopeTypes = ReturnType<typeof addReviewScope>;

/** The scope as it is now, through merges. Throws InputError where it is not exactly one, or not there. */
export async function scopeOf(context: Context, given: ReviewScopeGiven): Promise<ReviewScope> {
  const { person, client, portfolio } = given;
  const team = given.team?.trim();
  if ([person, team, client, portfolio].filter(Boolean).length !== 1)
    throw new InputError(
      'scope',
      'A review is of exactly one scope.',
      'Give `person`, `team`, `client` or `portfolio: true`.',
    );
  if (person) return { kind: 'PERSON', id: await standingId(context, 'person', person), team: null };
  if (client) return { kind: 'CLIENT', id: await standingId(context, 'client', client), team: null };
  if (!team) return { kind: 'PORTFOLIO', id: null, team: null };
  if (team.length > LONGEST_TEAM)
    throw new InputError(
      'scope.team',
      `The name has more than ${LONGEST_TEAM} characters.`,
      'Give it as people have it.',
    );
  await assertTeam(context, team);
  return { kind: 'TEAM', id: null, team };
}

/** A review of nobody would be empty and look well. A team that there was once can still be looked back at. */
async function assertTeam({ rows }: Context, team: string): Promise<void> {
  const { rows: teams } = await sql<{ team: string }>`
    select distinct team from person where team is not null order by team limit ${MOST_TEAMS}`.execute(rows);
  const { rows: found } = await sql<{ known: boolean }>`
    select exists (select from person where team = ${team})
      or exists (select from version where kind = 'person' and snapshot ->> 'team' = ${team}) as known`.execute(rows);
  if (found[0]?.known) return;
  throw new InputError(
    'scope.team',
    `Nobody is in a team called "${team}".`,
    teams.length === 0 ? 'No source says who is in which team.' : `There are ${teams.map((of) => of.team).join(', ')}.`,
  );
}

async function standingId(context: Context, kind: 'person' | 'client', globalId: string): Promise<string> {
  const argument = `scope.${kind}`;
  const row = await context.load.entity(kind, decodeId(globalId, kind, argument));
  if (row) return String(row['id']);
  throw new InputError(argument, `There is no such ${kind}.`, 'Use an `id` that a query returned.');
}

/** The scope that a snapshot was taken of. */
export function storedScope(of: {
  scope_kind: ReviewScope['kind'];
  scope_id: string | null;
  team: string | null;
}): ReviewScope {
  return { kind: of.scope_kind, id: of.scope_id, team: of.team } as ReviewScope;
}
