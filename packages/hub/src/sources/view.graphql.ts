import { HubError, type BoundView, type JsonValue, type ViewItems } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { camelCase, pascalCase, spokenName } from '../kernel/names.ts';
import { unnest } from '../kernel/unnest.ts';
import { valueField } from '../kernel/value-field.graphql.ts';
import type { InstalledSource } from './installed-source.ts';

/** What one record of a source shows of its payload. */
interface Shown {
  sourceId: string;
  values: Readonly<Record<string, JsonValue>>;
}

type Values = Shown['values'];

interface ShownType {
  connector: string;
  title: string;
  view: BoundView;
}

/**
 * What the installed connectors show beside the unified fields: `project.jira { key url }`. One field for each
 * connector and kind, a list because several records may be one entity; without a connector its types do not exist.
 */
export function addViews(graph: Graph, sources: readonly InstalledSource[]): void {
  for (const { connector, title, view } of shownTypes(sources)) {
    const name = camelCase(connector);
    const { ref, of } = graph.typeOf(view.on);
    const typeName = `${pascalCase(name)}${of.typeName}`;
    const shown = graph.builder.objectRef<Shown>(typeName).implement({
      description: view.description,
      fields: (t) => ({
        source: t.exposeString('sourceId', { nullable: false, description: 'Id of the source it comes from.' }),
        ...Object.fromEntries(
          Object.entries(view.fields).map(([field, shape]) => [
            field,
            shape.type === 'items'
              ? t.field({
                  type: [itemType(graph, `${typeName}${pascalCase(shape.item)}`, shape)],
                  description: shape.description,
                  complexity: { field: 1, multiplier: ITEMS },
                  resolve: ({ values }) => (values[field] ?? null) as Values[] | null,
                })
              : valueField(t, { ...shape, type: shape.type, read: ({ values }) => values[field] ?? null }),
          ]),
        ),
      }),
    });
    graph.builder.objectField(ref, name, (t) =>
      t.field({
        type: [shown],
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
const ITEMS = 5;

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

interface PayloadRow {
  entity_id: string;
  source_id: string;
  stream: string;
  external_id: string;
  payload: unknown;
}

async function readShown(
  context: Context,
  of: { ids: readonly string[]; connector: string; on: BoundView['on'] },
): Promise<(Shown[] | Error)[]> {
  const sources = new Map(
    context.sources.filter((source) => source.connector.name === of.connector).map((source) => [source.id, source]),
  );
  const asked = unnest('asked', of.ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows } = await sql<PayloadRow>`
    select distinct on (asked.id, record.source_id, record.id) asked.id as entity_id, record.source_id, record.stream, record.external_id,
      record_payload.payload
    from ${asked} join facet on facet.entity_id = asked.id and facet.deleted_at is null and facet.kind = ${of.on}
    join record on record.id = facet.record_id join record_payload on record_payload.record_id = record.id
    where record.source_id in (select unnest(${[...sources.keys()]}::text[]))
    order by asked.id, record.source_id, record.id`.execute(context.rows);
  const byEntity = Map.groupBy(rows, (row) => row.entity_id);
  return of.ids.map((id) => {
    try {
      return (byEntity.get(id) ?? []).flatMap((row) => show(row, { source: sources.get(row.source_id), on: of.on }));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  });
}

/** Nothing for a record of a stream that is not read any more, or that shows nothing. */
function show(row: PayloadRow, of: { source: InstalledSource | undefined; on: BoundView['on'] }): Shown[] {
  const stream = of.source?.connector.streams.find(({ name }) => name === row.stream);
  const view = stream?.views.find(({ on }) => on === of.on);
  if (!view) return [];
  try {
    return [{ sourceId: row.source_id, values: view.read(row.payload) }];
  } catch (error) {
    throw new HubError(
      {
        code: 'BAD_RECORD',
        message: `${row.source_id}: the record ${row.external_id} of "${row.stream}" cannot be read.`,
        remedy: 'The quarantine says why; repaired in its source, it is shown again.',
      },
      { cause: error },
    );
  }
}
