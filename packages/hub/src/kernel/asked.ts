import type { Field } from '@plumbline/connector';
import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { columnOf, columnsOf } from './columns.ts';
import type { Listable } from './listable.ts';

const lifeColumns: Readonly<Record<string, string>> = {
  customFields: 'custom_fields',
  firstSeenAt: 'first_seen_at',
  changedAt: 'changed_at',
};

/** What a query wants to know of a list, so that nothing else is read. */
export interface Asked {
  /** The columns of its rows; null for all of them. */
  columns: readonly string[] | null;
  /** Whether it wants `totalCount`, which is then read with the page. */
  total: boolean;
  /** Whether it wants `pageInfo`, for which one row more is read. */
  pageInfo: boolean;
}

type Place = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

export function askedOf(of: Listable, place: Place, orderBy: string | undefined): Asked {
  const members = place.fieldNodes.flatMap((node) => fieldsOf(node.selectionSet, place));
  const wants = (name: string): boolean => members.some((member) => member.name.value === name);
  return {
    columns: askedColumns(of, { place, members, orderBy }),
    total: wants('totalCount'),
    pageInfo: wants('pageInfo'),
  };
}

/**
 * The columns that the rows of a list are asked for, so that long texts nobody reads stay in the database. Null: all of
 * them, for a table whose resolvers read columns of their own.
 */
function askedColumns(
  of: Listable,
  { place, members, orderBy }: { place: Place; members: readonly FieldNode[]; orderBy: string | undefined },
): readonly string[] | null {
  if (!of.mortal) return null;
  const asked = new Set(['id', 'deleted_at']);
  const ordering = orderBy === undefined ? undefined : of.fields[orderBy];
  if (orderBy !== undefined && ordering) for (const column of columnsOf(orderBy, ordering)) asked.add(column.name);
  const rows = members.flatMap((node) => {
    if (node.name.value === 'nodes') return [node.selectionSet];
    if (node.name.value !== 'edges') return [];
    return fieldsOf(node.selectionSet, place)
      .filter((member) => member.name.value === 'node')
      .map((member) => member.selectionSet);
  });
  for (const { name } of rows.flatMap((selection) => fieldsOf(selection, place))) {
    const field = of.fields[name.value];
    for (const from of of.derived?.[name.value] ?? [])
      for (const column of columnsOf(from, of.fields[from] as Field)) asked.add(column.name);
    const life = lifeColumns[name.value];
    if (life) asked.add(life);
    if (!field || field.type === 'refs') continue;
    asked.add(columnOf(name.value, field));
    for (const column of columnsOf(name.value, field)) asked.add(column.name);
  }
  return [...asked].toSorted();
}

/** The fields of a selection, those within fragments included. */
function fieldsOf(selection: SelectionSetNode | undefined, place: Pick<Place, 'fragments'>): FieldNode[] {
  return (selection?.selections ?? []).flatMap((node) => {
    if (node.kind === 'Field') return [node];
    const inner = node.kind === 'InlineFragment' ? node.selectionSet : place.fragments[node.name.value]?.selectionSet;
    return fieldsOf(inner, place);
  });
}
