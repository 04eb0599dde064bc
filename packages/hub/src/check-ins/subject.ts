import { InputError } from '../kernel/api-error.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId, splitId } from '../kernel/global-id.ts';

/** What something is said of: by its kind and its id. */
export interface Subject {
  kind: 'opportunity' | 'project';
  id: string;
}

/** The opportunity or project that `subject` names, through merges; throws InputError for one that is gone. */
export async function standingSubject(context: Context, subject: string): Promise<Subject> {
  const { typeName } = splitId(subject, 'subject');
  if (typeName !== 'Opportunity' && typeName !== 'Project')
    throw new InputError('subject', `The id is one of a ${typeName}.`, 'Give the id of an Opportunity or a Project.');
  const kind = typeName === 'Project' ? 'project' : 'opportunity';
  return { kind, id: await standing(context, kind, { id: subject, argument: 'subject' }) };
}

/** The person that an argument names, through merges; throws InputError for one that is gone. */
export function standingPerson(context: Context, id: string, argument: string): Promise<string> {
  return standing(context, 'person', { id, argument });
}

async function standing(context: Context, kind: NamedKind, named: { id: string; argument: string }): Promise<string> {
  const row = await load(context, kind, named);
  if (row && row['deleted_at'] === null) return String(row['id']);
  throw new InputError(named.argument, `There is no such ${kind}.`, 'It may have been deleted; list them again.');
}

/** The id of what an argument names, through merges and whether or not it is still there; throws InputError for one that never was. */
export async function knownId(
  context: Context,
  kind: NamedKind,
  named: { id: string; argument: string },
): Promise<string> {
  const row = await load(context, kind, named);
  if (row) return String(row['id']);
  throw new InputError(named.argument, `There is no such ${kind}.`, 'Use an `id` that a query returned.');
}

type NamedKind = Subject['kind'] | 'person' | 'client';

function load(context: Context, kind: NamedKind, { id, argument }: { id: string; argument: string }) {
  return context.load.entity(kind, decodeId(id, kind, argument));
}
