import type { BoundView, ViewItems, ViewRecords } from '@plumbline/connector';
import type { ObjectRef } from '@pothos/core';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { camelCase, pascalCase, spokenName } from '../kernel/names.ts';
import { valueField } from '../kernel/value-field.graphql.ts';
import type { InstalledSource } from './installed-source.ts';
import { readReferring, readShown, readWhetherWhole, type Shown } from './view.store.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
type Fields = PothosSchemaTypes.ObjectFieldBuilder<Types, Shown>;
type Values = Shown['values'];

interface ShownType {
  connector: string;
  title: string;
  view: BoundView;
}

/** The same with its name in the graph. */
interface NamedType extends ShownType {
  name: string;
  ref: ObjectRef<Types, Shown>;
}

/**
 * What the installed connectors show beside the unified fields: `project.jira { key url }`. One field for each
 * connector and kind, a list because several records may be one entity; without a connector its types do not exist.
 */
export function addViews(graph: Graph, sources: readonly InstalledSource[]): void {
  const types = shownTypes(sources).map((type): NamedType => {
    const name = `${pascalCase(camelCase(type.connector))}${graph.typeOf(type.view.on).of.typeName}`;
    return { ...type, name, ref: graph.builder.objectRef<Shown>(name) };
  });
  for (const type of types) {
    const { connector, title, view, ref } = type;
    graph.builder.objectType(ref, {
      description: view.description,
      fields: (t) => ({
        source: t.exposeString('sourceId', { nullable: false, description: 'Id of the source it comes from.' }),
        ...Object.fromEntries(
          Object.entries(view.fields).map(([field, shape]) => {
            if (shape.type === 'items') return [field, itemsField(t, { graph, of: type, field, shape })];
            if (shape.type === 'records') return [field, recordsField(t, { types, of: type, field, shape })];
            return [field, valueField(t, { ...shape, type: shape.type, read: ({ values }) => values[field] ?? null })];
          }),
        ),
      }),
    });
    graph.builder.objectField(graph.typeOf(view.on).ref, camelCase(connector), (t) =>
      t.field({
        type: [ref],
        description: `What ${title} keeps of this ${spokenName(view.on)}, one for each of its records; null with an error where a record cannot be read.`,
        complexity: { field: 3, multiplier: 1 },
        resolve: (row, _, context: Context) =>
          context.load.batch<Shown[]>(`view ${connector} ${view.on}`, String(row['id']), (ids) =>
            readShown(context, { ids, connector, on: view.on }),
          ),
      }),
    );
  }
}

/** What a list of things is counted as: a project has a few boards. */
const LIST = { field: 1, multiplier: 5 };

function itemsField(
  t: Fields,
  { graph, of, field, shape }: { graph: Graph; of: NamedType; field: string; shape: ViewItems },
) {
  return t.field({
    type: [itemType(graph, `${of.name}${pascalCase(shape.item)}`, shape)],
    description: shape.description,
    complexity: LIST,
    resolve: ({ values }) => (values[field] ?? null) as Values[] | null,
  });
}

function recordsField(
  t: Fields,
  { types, of, field, shape }: { types: readonly NamedType[]; of: NamedType; field: string; shape: ViewRecords },
) {
  const { connector, view } = of;
  const shown = types.find((type) => type.connector === connector && type.view.on === shape.of);
  if (!shown) throw new Error(`${connector}: ${view.on}.${field} lists ${shape.of}s, of which no stream has a view.`);
  return t.field({
    type: [shown.ref],
    description: shape.description,
    complexity: LIST,
    resolve: (one, _, context: Context) => referringTo(one, context, { connector, on: view.on, field, list: shape }),
  });
}

/** Null as long as not all of them can have come. */
async function referringTo(
  { entityId, recordId, sourceId }: Shown,
  context: Context,
  of: { connector: string; on: BoundView['on']; field: string; list: ViewRecords },
): Promise<Shown[] | null> {
  const kind = of.list.of;
  const [isWhole, found] = await Promise.all([
    context.load.batch<boolean>(`view of all ${kind}`, sourceId, (sourceIds) =>
      readWhetherWhole(context, { sourceIds, kind }),
    ),
    context.load.batch<Map<string, Shown[] | Error>>(`view ${of.connector} ${of.on}.${of.field}`, entityId, (ids) =>
      readReferring(context, { ids, ...of }),
    ),
  ]);
  const shown = found.get(recordId) ?? [];
  if (shown instanceof Error) throw shown;
  return isWhole ? shown : null;
}

function itemType(graph: Graph, name: string, { item, fields }: ViewItems) {
  return graph.builder.objectRef<Values>(name).implement({
    description: `One ${item}, as its vendor shows it.`,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, { type, description }]) => [
          field,
          valueField(t, { type, description, read: (values) => values[field] ?? null }),
        ]),
      ),
  });
}

/** One for each connector and kind, with the fields of every stream that shows it. */
function shownTypes(sources: readonly InstalledSource[]): ShownType[] {
  const types = new Map<string, ShownType>();
  for (const { connector } of sources) {
    for (const view of connector.streams.flatMap((stream) => stream.views)) {
      const name = `${connector.name} ${view.on}`;
      const known = types.get(name)?.view;
      const fields = { ...known?.fields, ...view.fields };
      types.set(name, { connector: connector.name, title: connector.title, view: { ...view, fields } });
    }
  }
  return [...types.values()];
}
