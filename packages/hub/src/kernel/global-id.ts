import { InputError } from './api-error.ts';
import { pascalCase } from './names.ts';

/** `Opportunity` + uuid → the id clients see. */
export function encodeId(typeName: string, id: string): string {
  return Buffer.from(`${typeName}:${id}`).toString('base64url');
}

/** Type and own id out of a global id; throws InputError when it is not one. */
export function splitId(globalId: string, argument = 'id'): { typeName: string; id: string } {
  const match = /^(\w+):(.{1,500})$/s.exec(Buffer.from(globalId, 'base64url').toString());
  if (!match?.[1] || !match[2])
    throw new InputError(
      argument,
      `"${globalId.slice(0, 80)}" is not an id of this graph.`,
      'Use an `id` that a query returned.',
    );
  return { typeName: match[1], id: match[2] };
}

/** The row's own id; throws InputError when the id is of another type. */
export function decodeId(globalId: string, kind: string, argument: string): string {
  const { typeName, id } = splitId(globalId, argument);
  const wanted = pascalCase(kind);
  if (typeName !== wanted)
    throw new InputError(argument, `The id is one of a ${typeName}.`, `Give the id of a ${wanted}.`);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new InputError(argument, 'The id is damaged.', 'Use an `id` that a query returned.');
  return id;
}
