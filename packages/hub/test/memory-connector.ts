import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  type Connector,
  type InventoryDefinition,
  type KindName,
  type Page,
  type Presence,
  type RawRecord,
  type UnifiedRecord,
} from '@plumbline/connector';
import { z } from 'zod';

/** What a source made for a test holds: pages per stream, as a vendor would have answered. */
export interface Script {
  [stream: string]: {
    kind: KindName;
    pages: (Pick<Page, 'records'> & Partial<Page>)[];
    /** It is not read more often than this. */
    everyMinutes?: number;
    /** Every id there is now, and what asking for an absent one by its id gives. */
    census?: { ids: readonly string[]; confirm: Presence['state'] };
  };
}

/** A payload that is a unified record already, but for its kind; `broken` makes it unreadable. */
const raw = z.looseObject({
  keys: z.array(z.string()),
  fields: z.record(z.string(), z.unknown()),
  customFields: z.record(z.string(), z.json()).optional(),
  history: z.array(z.looseObject({ field: z.string(), at: z.string(), value: z.json() })).optional(),
});

/** A connector that brings what its script says; changing the script changes the vendor. */
export function memoryConnector(
  name: string,
  script: Script,
  inventory?: InventoryDefinition<{ prefix: string }, object>,
): Connector {
  return defineConnector({
    name,
    title: name,
    config: z.object({ prefix: z.string().default('') }),
    secrets: z.object({}),
    keySchemes: [`${name}-id`],
    limits: () => ({}),
    diagnose: (answer, source) => diagnoseHttp(source, answer),
    secretTexts: () => [],
    check: async () => [],
    ...(inventory ? { inventory } : {}),
    streams: Object.entries(script).map(([stream, { kind, everyMinutes }]) =>
      defineStream({
        name: stream,
        description: `What the test says of ${kind}.`,
        kinds: [kind],
        raw,
        cursor: z.object({ page: z.number() }),
        ...(everyMinutes === undefined ? {} : { everyMinutes }),
        worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
        async *poll(context, cursor) {
          const pages = script[stream]?.pages ?? [];
          const from = Math.min(cursor?.page ?? 0, pages.length - 1);
          for (const [offset, page] of pages.slice(from).entries()) {
            context.signal.throwIfAborted();
            yield { ...page, cursor: { page: from + offset + 1 }, complete: from + offset + 1 === pages.length };
          }
        },
        async *census() {
          yield script[stream]?.census?.ids ?? [];
        },
        confirm: async (_, ids) => ids.map((id) => ({ id, state: script[stream]?.census?.confirm ?? 'DELETED' })),
        map: (payload, config: { prefix: string }): UnifiedRecord[] => [
          {
            kind,
            id: 'self',
            keys: payload.keys as UnifiedRecord['keys'],
            fields: (typeof payload.fields['name'] === 'string'
              ? { ...payload.fields, name: config.prefix + payload.fields['name'] }
              : payload.fields) as UnifiedRecord['fields'],
            ...(payload.customFields ? { customFields: payload.customFields } : {}),
            ...(payload.history
              ? {
                  history: payload.history.map((past) =>
                    past.field === 'name' ? { ...past, value: `${config.prefix}${String(past.value)}` } : past,
                  ),
                }
              : {}),
          },
        ],
      }),
    ),
  });
}

/** A stream whose records come in one page. */
export function streamOf(kind: KindName, records: readonly RawRecord[]): Script[string] {
  return { kind, pages: [{ records }] };
}

/** The same record with a past, or with fields of the site's own. */
export function recordWith(record: RawRecord, more: { history?: readonly object[]; customFields?: object }): RawRecord {
  return { ...record, payload: { ...(record.payload as object), ...more } };
}

export function rawRecord(
  id: string,
  keys: string[],
  fields: Record<string, unknown>,
  changedAt: string | null = null,
): RawRecord {
  return { id, changedAt, payload: { keys, fields } };
}
