import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { columnOf, columnsOf } from './columns.ts';
import type { Listable } from './listable.ts';

const lifeColumns: Readonly<Record<string, string>> = {
  customFields: 'custom_fields',
  firstSeenAt: 'first_seen_at',
  changedAt: 'changed_at',
};

/**
 * The columns that the rows of a list are asked for, so that long texts nobody reads stay in the database. Null: all of
 * them, for a table whose resolvers read columns of their own.
 */
export function askedColumns(
  of: Listable,
  info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  orderBy: string | undefined,
): readonly string[] | null {
  if (!of.mortal) return null;
  const asked = new Set(['id', 'deleted_at']);
  const ordering = orderBy === undefined ? undefined : of.fields[orderBy];
  if (orderBy !== undefined && ordering) for (const column of columnsOf(orderBy, ordering)) asked.add(column.name);
  const rows = info.fieldNodes
    .flatMap((node) => fieldsOf(node.selectionSet, info))
    .flatMap((node) => {
      if (node.name.value === 'nodes') return [node.selectionSet];
      if (node.name.value !== 'edges') return [];
      return fieldsOf(node.selectionSet, info)
        .filter((member) => member.name.value === 'node')
        .map((member) => member.selectionSet);
    });
  for (const { name } of rows.flatMap((selection) => fieldsOf(selection, info))) {
    const field = of.fields[name.value];
    const life = lifeColumns[name.value];
    if (life) asked.add(life);
    if (!field || field.type === 'refs') continue;
    asked.add(columnOf(name.value, field));
    for (const column of columnsOf(name.value, field)) asked.add(column.name);
  }
  return [...asked].toSorted();
}

/** The fields of a selection, those within fragments included. */
function fieldsOf(selection: SelectionSetNode | undefined, info: Pick<GraphQLResolveInfo, 'fragments'>): FieldNode[] {
  return (selection?.selections ?? []).flatMap((node) => {
    if (node.kind === 'Field') return [node];
    const inner = node.kind === 'InlineFragment' ? node.selectionSet : info.fragments[node.name.value]?.selectionSet;
    return fieldsOf(inner, info);
  });
}
