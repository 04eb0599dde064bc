import type { Clock } from '@plumbline/connector';
import {
  addDeliveryRoutes,
  createTokenServer,
  startEmulator,
  type Deliveries,
  type Emulator,
  type TokenServer,
} from '@plumbline/emulator';
import { addAccountRoutes } from './account-routes.ts';
import { addGuards, type EmulatorLimits } from './answers.ts';
import { addAssociationRoutes } from './association-routes.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addControlRoutes } from './control-routes.ts';
import { addOAuthRoutes } from './oauth-routes.ts';
import { addObjectRoutes } from './object-routes.ts';
import {
  addStage,
  archiveObject,
  associate,
  breakRecord,
  createObject,
  defineProperty,
  dissociate,
  forgetObject,
  mergeObjects,
  removeProperty,
  repairRecord,
  restoreObject,
  updateObject,
  updateStage,
  type ChangeOrigin,
} from './operations.ts';
import { createPortalState, indexTime, loadPortal, type Patch, type PortalState } from './portal-state.ts';
import { renderObject, type Wanted } from './render.ts';
import type { HubSpotAssociation, HubSpotObjectType, HubSpotPipeline, HubSpotPortal, HubSpotRecord } from './seed.ts';
import { createPortalDeliveries, type PortalEvent, type WebhookTarget } from './webhooks.ts';

export interface HubSpotEmulatorOptions {
  portal: HubSpotPortal;
  clock: Pick<Clock, 'now'>;
  /** 0 (the default) takes a free port. */
  port?: number;
  /** How long after a change search shows it; 0 when absent. Reading by id and lists show it at once. */
  indexLagMs?: number;
  /** Most records of a page of a list or search, whatever was asked for. */
  pageCap?: number;
  /** Gives some pages shorter than they need be. */
  shortPages?: boolean;
  limits?: EmulatorLimits;
  /** Scopes the token has, such as `crm.objects.deals.read`; all when absent. */
  scopes?: readonly string[];
  /** Associations of one record per answer; 500 when absent, as HubSpot does. */
  associationPageSize?: number;
  /** How long an access token of an OAuth app is good; 30 minutes when absent. */
  tokenLifetimeMs?: number;
}

type Properties = Readonly<Record<string, string | null>>;

/** A HubSpot portal on loopback. What people do in HubSpot's pages are functions here; the same is under `/__control/`. */
export interface HubSpotEmulator extends Emulator {
  /** Adds records with the times they have; may be called often. Search knows them at once. */
  load(seed: { records?: Iterable<HubSpotRecord>; associations?: Iterable<HubSpotAssociation> }): void;
  /** Gives the id, a new one unless told. */
  create(type: HubSpotObjectType, properties: Properties, id?: string): string;
  /** Changes properties, with history and the time of the last change. */
  update(type: HubSpotObjectType, id: string, properties: Properties, origin?: ChangeOrigin): void;
  archive(type: HubSpotObjectType, id: string): void;
  restore(type: HubSpotObjectType, id: string): void;
  /** The merged id then reads as the survivor; with `newId` both old ones do. */
  merge(type: 'deals' | 'companies', input: { primary: string; merged: string; newId?: string }): void;
  /** Deletes for good, as for privacy: it is in no list any more, not in that of archived records either. */
  purge(type: HubSpotObjectType, id: string): void;
  /** The same, and whoever listens is told to forget it as well; of contacts there is only that. */
  forget(type: HubSpotObjectType | 'contacts', id: string): void;
  /** From now on search shows a change so many milliseconds after it was made. */
  lagIndex(milliseconds: number): void;
  associate(association: HubSpotAssociation): void;
  dissociate(association: Pick<HubSpotAssociation, 'from' | 'to'>): void;
  updateStage(pipelineId: string, stageId: string, patch: Partial<Omit<HubSpotPipeline['stages'][number], 'id'>>): void;
  addStage(pipelineId: string, stage: HubSpotPipeline['stages'][number]): void;
  /** Adds a property, or gives one of that name another type. */
  defineProperty(property: HubSpotPortal['properties'][number]): void;
  removeProperty(type: HubSpotObjectType, name: string): void;
  /** Lays members over every answer about this record: `{ properties: { amount: 'lots' } }`. */
  breakRecord(type: HubSpotObjectType, id: string, patch: Patch): void;
  repairRecord(type: HubSpotObjectType, id: string): void;
  /** From now on every change is told there, at once; nobody is told when null. */
  sendWebhooks(target: WebhookTarget | null): void;
  readonly deliveries: Deliveries<readonly PortalEvent[]>;
  /** What an OAuth app is let in by, beside the private app's token. */
  readonly oauth: TokenServer;
  /** A record as the API would answer it, archived or not; undefined when there is none. */
  read(type: HubSpotObjectType, id: string, wanted?: Wanted): Record<string, unknown> | undefined;
  count(type: HubSpotObjectType): number;
}

export async function startHubSpotEmulator(options: HubSpotEmulatorOptions): Promise<HubSpotEmulator> {
  const state = createPortalState({
    portal: options.portal,
    clock: options.clock,
    indexLagMs: options.indexLagMs ?? 0,
    associationPageSize: options.associationPageSize ?? 500,
    paging: { cap: options.pageCap ?? null, uneven: options.shortPages ?? false },
  });
  const deliveries = createPortalDeliveries(state);
  state.tell = deliveries.announce;
  const oauth = createTokenServer({
    clock: options.clock,
    clientId: 'app-of-acme',
    clientSecret: 'client-secret-of-the-app-of-acme',
    lifetimeMs: options.tokenLifetimeMs ?? 30 * 60_000,
    rotates: false,
  });
  const emulator = await startEmulator({
    name: 'hubspot',
    clock: options.clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    pathOf: undatedPath,
    routes(app) {
      addGuards(app, state, { limits: options.limits ?? {}, scopes: options.scopes ?? null, oauth });
      addOAuthRoutes(app, oauth, state);
      addControlRoutes(app, state);
      addDeliveryRoutes(app, deliveries);
      addBatchRoutes(app, state);
      addObjectRoutes(app, state);
      addAssociationRoutes(app, state);
      addAccountRoutes(app, state);
    },
  });
  // `requests` is a getter: a spread would freeze it at its first value.
  return Object.defineProperties(
    { ...controls(state), deliveries, oauth },
    Object.getOwnPropertyDescriptors(emulator),
  ) as HubSpotEmulator;
}

/** The path by which v3 and v4 have what the dated version has in another place. */
export function undatedPath(path: string): string {
  return path.replace(/^\/crm\/([a-z]+)\/2026-09(?=\/|$)/, (_, part: string) =>
    part === 'associations' ? '/crm/v4/associations' : `/crm/v3/${part}`,
  );
}

function controls(state: PortalState): Omit<HubSpotEmulator, keyof Emulator | 'deliveries' | 'oauth'> {
  return {
    load: (seed) => loadPortal(state, seed),
    create: (type, properties, id) => createObject(state, type, { properties, ...(id ? { id } : {}) }).id,
    update: (type, id, properties, origin) => void updateObject(state, type, id, properties, origin),
    archive: (type, id) => archiveObject(state, type, id),
    restore: (type, id) => restoreObject(state, type, id),
    merge: (type, input) => void mergeObjects(state, type, input),
    purge: (type, id) => state.tables[type].purge(id, indexTime(state)),
    forget: (type, id) => forgetObject(state, type, id),
    lagIndex: (milliseconds) => void (state.indexLagMs = milliseconds),
    associate: (association) => associate(state, association),
    dissociate: (association) => dissociate(state, association),
    updateStage: (pipelineId, stageId, patch) => updateStage(state, pipelineId, stageId, patch),
    addStage: (pipelineId, stage) => addStage(state, pipelineId, stage),
    defineProperty: (property) => defineProperty(state, property),
    removeProperty: (type, name) => removeProperty(state, type, name),
    breakRecord: (type, id, patch) => breakRecord(state, type, id, patch),
    repairRecord: (type, id) => repairRecord(state, type, id),
    sendWebhooks: (target) => void (state.webhookTarget = target),
    read: (type, id, wanted) => {
      const version = state.tables[type].get(id);
      return version && renderObject(state, type, version, wanted);
    },
    count: (type) => state.tables[type].size,
  };
}
