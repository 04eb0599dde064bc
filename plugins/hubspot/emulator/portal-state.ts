import type { Clock } from '@plumbline/connector';
import { createCatalogue, type PropertyDefinition } from './catalogue.ts';
import { Associations } from './associations.ts';
import { ObjectTable } from './object-table.ts';
import type { HubSpotAssociation, HubSpotObjectType, HubSpotPipeline, HubSpotPortal, HubSpotRecord } from './seed.ts';
import type { PortalEvent, WebhookTarget } from './webhooks.ts';

export const objectTypes = ['deals', 'companies', 'line_items'] as const satisfies readonly HubSpotObjectType[];

/** HubSpot's own numbers for the types; the API takes either. */
export const objectTypeIds: Record<HubSpotObjectType, string> = { companies: '0-2', deals: '0-3', line_items: '0-8' };

/** What is wrong with a record's answers: members laid over what the emulator would send. */
export type Patch = Readonly<Record<string, unknown>>;

/** How lists and searches are cut into pages. */
export interface Paging {
  /** Most records of a page, whatever was asked for; as many as asked when null. */
  cap: number | null;
  /** Gives some pages shorter than they need be. HubSpot sends no empty page that is not the last. */
  uneven: boolean;
  /** Pages given so far. */
  given: number;
}

/** All that one emulated portal holds. */
export interface PortalState {
  readonly portal: HubSpotPortal;
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds until search shows what changes now. */
  indexLagMs: number;
  readonly paging: Paging;
  readonly tables: Readonly<Record<HubSpotObjectType, ObjectTable>>;
  readonly catalogues: Readonly<Record<HubSpotObjectType, Map<string, PropertyDefinition>>>;
  readonly associations: Associations;
  readonly broken: Map<string, Patch>;
  pipelines: readonly HubSpotPipeline[];
  lastId: number;
  /** Where events are sent; nowhere when null. */
  webhookTarget: WebhookTarget | null;
  /** Called with the events of every change. */
  tell(events: readonly PortalEvent[]): void;
}

export function createPortalState(options: {
  portal: HubSpotPortal;
  clock: Pick<Clock, 'now'>;
  indexLagMs: number;
  associationPageSize: number;
  paging: Omit<Paging, 'given'>;
}): PortalState {
  const { portal, clock, indexLagMs } = options;
  return {
    portal,
    clock,
    indexLagMs,
    paging: { ...options.paging, given: 0 },
    tables: { deals: new ObjectTable(), companies: new ObjectTable(), line_items: new ObjectTable() },
    catalogues: {
      deals: createCatalogue(portal, 'deals'),
      companies: createCatalogue(portal, 'companies'),
      line_items: createCatalogue(portal, 'line_items'),
    },
    associations: new Associations(options.associationPageSize),
    broken: new Map(),
    pipelines: portal.pipelines,
    lastId: 500_000_000_000,
    webhookTarget: null,
    tell: () => undefined,
  };
}

/** Takes records and associations as they are, with their own times. Throws on a property nobody declared. */
export function loadPortal(
  state: PortalState,
  seed: { records?: Iterable<HubSpotRecord>; associations?: Iterable<HubSpotAssociation> },
): void {
  for (const record of seed.records ?? []) {
    for (const name of Object.keys(record.properties)) {
      if (!state.catalogues[record.type].has(name)) {
        throw new RangeError(`hubspot emulator: ${record.type} have no property ${name}; declare it in the portal.`);
      }
    }
    state.tables[record.type].load({
      id: record.id,
      properties: record.properties,
      ...(record.history ? { history: record.history } : {}),
      created: record.created,
      updated: record.updated,
      archivedAt: record.archived ? record.updated : null,
    });
    state.lastId = Math.max(state.lastId, Number(record.id) || 0);
  }
  for (const association of seed.associations ?? []) state.associations.add(association);
}

/** How many records this page gives of those asked for. */
export function pageSize({ paging }: PortalState, asked: number): number {
  const most = Math.min(asked, paging.cap ?? asked);
  paging.given += 1;
  return paging.uneven && paging.given % 2 === 0 ? Math.ceil(most / 3) : most;
}

/** The instant from which search shows what changes now. */
export function indexTime(state: PortalState): number {
  return state.clock.now().epochMilliseconds + state.indexLagMs;
}

/** Reads `deals` and `0-3` alike; undefined for types the emulator does not hold. */
export function objectTypeOf(name: string | undefined): HubSpotObjectType | undefined {
  return objectTypes.find((type) => type === name || objectTypeIds[type] === name);
}
