import { sql, type RawBuilder } from 'kysely';
import { NotFoundError, RefusedError } from '../kernel/api-error.ts';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { Approver } from '../money/discount.rules.ts';
import type { Party } from './party.ts';

interface PersonRow extends Approver {
  id: string;
  deleted: boolean;
}

/**
 * Who acts by this key. A key speaks for the person whose e-mail address or name it bears, and then for nobody else; a
 * key that bears no such name, such as that of a tool, says whom it acts for. Throws RefusedError where the name leaves
 * open who that is.
 */
export async function readParty(
  rows: Rows,
  { actor, personId, guard }: { actor: string; personId: string | null; guard: string },
): Promise<Party> {
  const { rows: holders } = await sql<PersonRow>`
    select id, name, email, role, deleted_at is not null as deleted
    from person where id in (${holdersOf(sql`${actor}::text`)}) order by id`.execute(rows);
  const named = personId === null ? null : await readPerson(rows, personId);
  if (holders.length === 0) return partyOf(actor, named);
  const standing = holders.filter(({ deleted }) => !deleted);
  const meant = named ? standing.find(({ id }) => id === named.id) : standing[0];
  if (meant && (named || standing.length === 1)) return partyOf(actor, meant);
  throw new RefusedError({ guard, ...whyNot(actor, { standing, named }) });
}

/** For an `in`: the people whose e-mail address or name a key bears, and who they turned out to be, deleted ones too. */
export function holdersOf(actor: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select coalesce(survivor_id, called.id) from person as called left join merged_entity on merged_entity.id = called.id
    where lower(${actor}) in (lower(email), lower(name))`;
}

/** For each key whom it speaks for by the name or address it bears; null where that is nobody, or several. */
export async function readHolders(rows: Rows, actors: readonly string[]): Promise<(string | null)[]> {
  const asked = unnest('asked', actors, [{ name: 'actor', type: 'text', value: (actor) => actor }]);
  const { rows: found } = await sql<{ actor: string; id: string }>`
    select asked.actor, min(person.id::text) as id
    from ${asked} cross join lateral (${holdersOf(sql`asked.actor`)}) as holder(id) join person on person.id = holder.id
    where deleted_at is null group by asked.actor having count(distinct person.id) = 1`.execute(rows);
  const idOf = new Map(found.map(({ actor, id }) => [actor, id]));
  return actors.map((actor) => idOf.get(actor) ?? null);
}

async function readPerson(rows: Rows, personId: string): Promise<PersonRow> {
  const { rows: found } = await sql<PersonRow>`
    select person.id, name, email, role, false as deleted
    from person left join merged_entity on merged_entity.id = ${personId}::uuid
    where person.id = coalesce(survivor_id, ${personId}::uuid) and deleted_at is null`.execute(rows);
  if (!found[0]) throw new NotFoundError('There is no such person.', 'List the people again.');
  return found[0];
}

function whyNot(
  actor: string,
  { standing, named }: { standing: readonly PersonRow[]; named: PersonRow | null },
): { message: string; remedy: string } {
  const [first] = standing;
  if (!first)
    return { message: `Who "${actor}" was is deleted.`, remedy: 'Let somebody else do it with a key of their own.' };
  if (!named)
    return { message: `${standing.length} people are called "${actor}".`, remedy: 'Name the one that is meant.' };
  return {
    message: `The key speaks for ${first.name ?? actor}, and ${named.name ?? 'somebody else'} is named.`,
    remedy: `Let ${named.name ?? 'them'} do it with a key of their own.`,
  };
}

function partyOf(actor: string, person: PersonRow | null): Party {
  if (!person) return { actor, personId: null, name: actor, email: null, role: null };
  const { id, name, email, role } = person;
  return { actor, personId: id, name: name ?? actor, email, role };
}
