import { customProperty } from './catalogue.ts';
import type { ObjectVersion } from './object-table.ts';
import { indexTime, type Patch, type PortalState } from './portal-state.ts';
import { historyOf } from './render.ts';
import type {
  HubSpotAssociation,
  HubSpotHistoryEntry,
  HubSpotObjectType,
  HubSpotPipeline,
  HubSpotPortal,
} from './seed.ts';
import { associationEvents, eventType, type PortalEvent } from './webhooks.ts';

/** Who makes a change, as property history tells it. */
export interface ChangeOrigin {
  sourceType: string;
  sourceId?: string;
  userId?: number;
}

type Properties = Readonly<Record<string, string | null>>;

/** By hand, which HubSpot always signs: by the first owner who still can, where nobody says who. */
export function inTheApp({ portal }: PortalState, user = portal.owners.find(isSomebody)?.userId): ChangeOrigin {
  return { sourceType: 'CRM_UI', ...(user === undefined ? {} : { sourceId: `userId:${user}`, userId: user }) };
}

const isSomebody = ({ archived, type }: HubSpotPortal['owners'][number]): boolean => !archived && type !== 'QUEUE';

/** What may go wrong with a request, in HubSpot's words; the routes make an answer of it. */
export class Refusal extends Error {
  readonly status: number;
  readonly category: string;
  readonly details: Readonly<Record<string, readonly string[]>>;

  constructor(
    status: number,
    category: string,
    message: string,
    details: Readonly<Record<string, readonly string[]>> = {},
  ) {
    super(message);
    this.status = status;
    this.category = category;
    this.details = details;
  }
}

export function createObject(
  state: PortalState,
  type: HubSpotObjectType,
  input: { properties: Properties; id?: string; associations?: readonly Omit<HubSpotAssociation, 'from'>[] },
  origin = inTheApp(state),
): ObjectVersion {
  const now = state.clock.now().epochMilliseconds;
  const id = input.id ?? String((state.lastId += 1));
  const properties = normalise(state, type, input.properties);
  const history = Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => (value ? [[name, [entry(value, now, origin)]]] : [])),
  );
  const version = { id, properties, history, created: now, updated: now, archivedAt: null };
  state.tables[type].put(version, indexTime(state));
  for (const { to, typeId } of input.associations ?? []) state.associations.add({ from: { type, id }, to, typeId });
  state.tell([event(type, id, { what: 'creation', at: now, changeFlag: 'CREATED' })]);
  return version;
}

/** Changes the properties given, each with an entry in its history; nothing changes when all values are as they were. */
export function updateObject(
  state: PortalState,
  type: HubSpotObjectType,
  id: string,
  properties: Properties,
  origin = inTheApp(state),
): ObjectVersion {
  const before = existing(state, type, id);
  const now = state.clock.now().epochMilliseconds;
  const changes = Object.entries(normalise(state, type, properties)).filter(
    ([name, value]) => (before.properties[name] ?? '') !== (value ?? ''),
  );
  if (changes.length === 0) return before;
  const history = { ...before.history };
  for (const [name, value] of changes) {
    history[name] = [entry(value ?? '', now, origin), ...historyOf(state, type, before, name)];
  }
  const changed = replace(state, type, {
    ...before,
    properties: { ...before.properties, ...Object.fromEntries(changes) },
    history,
  });
  state.tell(
    changes.map(([name, value]) =>
      event(type, before.id, {
        what: 'propertyChange',
        at: changed.updated,
        propertyName: name,
        propertyValue: value ?? '',
      }),
    ),
  );
  return changed;
}

export function archiveObject(state: PortalState, type: HubSpotObjectType, id: string): void {
  const version = state.tables[type].get(id);
  if (!version || version.archivedAt !== null) return;
  const now = state.clock.now().epochMilliseconds;
  state.tables[type].put({ ...version, archivedAt: now }, indexTime(state));
  state.tell([event(type, version.id, { what: 'deletion', at: now, changeFlag: 'DELETED' })]);
}

export function restoreObject(state: PortalState, type: HubSpotObjectType, id: string): void {
  const version = state.tables[type].get(id);
  if (!version || version.archivedAt === null) throw notFound(type, id);
  const { updated } = replace(state, type, { ...version, archivedAt: null });
  state.tell([event(type, version.id, { what: 'restore', at: updated })]);
}

/** A deletion for privacy: no archived record is left of it. */
export function forgetObject(state: PortalState, type: HubSpotObjectType | 'contacts', id: string): void {
  if (type !== 'contacts') state.tables[type].purge(id, indexTime(state));
  const subscriptionType = type === 'contacts' ? 'contact.privacyDeletion' : eventType(type, 'privacyDeletion');
  state.tell([{ subscriptionType, objectId: Number(id), occurredAt: nowOf(state), changeFlag: 'DELETED' }]);
}

/** Merges one record into another. Reading the old id gives the survivor; with `newId` both old ones do. */
export function mergeObjects(
  state: PortalState,
  type: HubSpotObjectType,
  input: { primary: string; merged: string; newId?: string },
): ObjectVersion {
  if (type === 'line_items') throw new Refusal(400, 'VALIDATION_ERROR', 'Line items cannot be merged.');
  const primary = existing(state, type, input.primary);
  const merged = existing(state, type, input.merged);
  if (primary.id === merged.id) throw new Refusal(400, 'VALIDATION_ERROR', 'Cannot merge an object with itself.');
  const survivorId = input.newId ?? primary.id;
  const filled = Object.entries(merged.properties).filter(([name]) => !primary.properties[name]);
  const gone = input.newId ? [primary, merged] : [merged];
  const mergedIds = [primary, merged].flatMap((each) => each.properties['hs_merged_object_ids']?.split(';') ?? []);
  const survivor: ObjectVersion = {
    ...primary,
    id: survivorId,
    properties: {
      ...primary.properties,
      ...Object.fromEntries(filled),
      ...(type === 'companies' ? mergedDomains(primary, merged) : {}),
      hs_merged_object_ids: [...mergedIds, ...gone.map(({ id }) => id)].join(';'),
    },
  };
  for (const { id } of gone) {
    state.tables[type].replaceBySurvivor(id, survivorId, indexTime(state));
    state.associations.move(type, id, survivorId);
  }
  const replaced = replace(state, type, survivor);
  const ids = { primaryObjectId: Number(primary.id), mergedObjectIds: [Number(merged.id)] };
  const renamed = input.newId ? { newObjectId: Number(input.newId) } : {};
  state.tell([event(type, primary.id, { what: 'merge', at: replaced.updated, ...ids, ...renamed })]);
  return replaced;
}

/** The domains of a company that is merged away go on as additional ones of the survivor. */
function mergedDomains(primary: ObjectVersion, merged: ObjectVersion): Record<string, string> {
  const domains = [primary, merged].flatMap(({ properties }) => [
    properties['domain'] ?? '',
    ...(properties['hs_additional_domains'] ?? '').split(';'),
  ]);
  const [first, ...others] = new Set(domains.filter((domain) => domain !== ''));
  return first === undefined || others.length === 0 ? {} : { domain: first, hs_additional_domains: others.join(';') };
}

export function associate(state: PortalState, association: HubSpotAssociation): void {
  state.associations.add(association);
  state.tell(associationEvents(association, { occurredAt: nowOf(state), associationRemoved: false }));
}

export function dissociate(state: PortalState, pair: Pick<HubSpotAssociation, 'from' | 'to'>): void {
  state.associations.remove(pair);
  state.tell(associationEvents(pair, { occurredAt: nowOf(state), associationRemoved: true }));
}

export function updateStage(
  state: PortalState,
  pipelineId: string,
  stageId: string,
  patch: Partial<Omit<HubSpotPipeline['stages'][number], 'id'>>,
): void {
  const known = state.pipelines.some(
    ({ id, stages }) => id === pipelineId && stages.some((stage) => stage.id === stageId),
  );
  if (!known) throw new Refusal(404, 'OBJECT_NOT_FOUND', `No stage ${stageId} in pipeline ${pipelineId}.`);
  state.pipelines = state.pipelines.map((pipeline) =>
    pipeline.id === pipelineId
      ? { ...pipeline, stages: pipeline.stages.map((stage) => (stage.id === stageId ? { ...stage, ...patch } : stage)) }
      : pipeline,
  );
}

export function addStage(state: PortalState, pipelineId: string, stage: HubSpotPipeline['stages'][number]): void {
  if (!state.pipelines.some(({ id }) => id === pipelineId))
    throw new Refusal(404, 'OBJECT_NOT_FOUND', `No pipeline ${pipelineId}.`);
  state.pipelines = state.pipelines.map((pipeline) =>
    pipeline.id === pipelineId ? { ...pipeline, stages: [...pipeline.stages, stage] } : pipeline,
  );
}

/** Adds a property, or gives one of that name another type. */
export function defineProperty(state: PortalState, property: HubSpotPortal['properties'][number]): void {
  state.catalogues[property.objectType].set(property.name, customProperty(property));
}

/** What a property that is gone held is gone from every answer. */
export function removeProperty(state: PortalState, type: HubSpotObjectType, name: string): void {
  if (!state.catalogues[type].delete(name)) throw new Refusal(404, 'OBJECT_NOT_FOUND', `No property ${name}.`);
}

/** Plants a malformed payload; the record counts as changed, so that readers meet it. */
export function breakRecord(state: PortalState, type: HubSpotObjectType, id: string, patch: Patch): void {
  const version = existing(state, type, id);
  state.broken.set(`${type}:${version.id}`, patch);
  replace(state, type, version);
}

export function repairRecord(state: PortalState, type: HubSpotObjectType, id: string): void {
  const version = existing(state, type, id);
  if (state.broken.delete(`${type}:${version.id}`)) replace(state, type, version);
}

export function existing(state: PortalState, type: HubSpotObjectType, id: string): ObjectVersion {
  const version = state.tables[type].get(id);
  if (!version || version.archivedAt !== null) throw notFound(type, id);
  return version;
}

function notFound(type: HubSpotObjectType, id: string): Refusal {
  return new Refusal(404, 'OBJECT_NOT_FOUND', `Object not found.  objectId are usually numeric. (${type} ${id})`);
}

function replace(state: PortalState, type: HubSpotObjectType, version: ObjectVersion): ObjectVersion {
  // A record never changes twice at one time, also while a test's clock stands still.
  const changed = { ...version, updated: Math.max(state.clock.now().epochMilliseconds, version.updated + 1) };
  state.tables[type].put(changed, indexTime(state));
  return changed;
}

function nowOf({ clock }: PortalState): number {
  return clock.now().epochMilliseconds;
}

function event(
  type: HubSpotObjectType,
  id: string,
  { what, at, ...more }: { what: string; at: number } & Partial<PortalEvent>,
): PortalEvent {
  return { subscriptionType: eventType(type, what), objectId: Number(id), occurredAt: at, ...more };
}

function entry(value: string, at: number, origin: ChangeOrigin): HubSpotHistoryEntry {
  return { value, at, ...origin };
}

/** Checks names and options as HubSpot does, and writes moments the way HubSpot stores them. */
function normalise(state: PortalState, type: HubSpotObjectType, properties: Properties): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const definition = state.catalogues[type].get(name);
      if (!definition) {
        throw new Refusal(400, 'VALIDATION_ERROR', `Property "${name}" does not exist`, { propertyName: [name] });
      }
      if (definition.calculated) {
        throw new Refusal(400, 'VALIDATION_ERROR', `"${name}" is a read only property`, { propertyName: [name] });
      }
      if (value === null || value === '') return [name, value];
      if (name === 'dealstage') checkStage(state, value);
      else if (definition.options.length > 0) checkOptions(name, definition.options, value);
      if (definition.type === 'number' && !Number.isFinite(Number(value))) {
        throw new Refusal(400, 'VALIDATION_ERROR', `${value} was not a valid number.`, { propertyName: [name] });
      }
      return [name, definition.type === 'datetime' ? moment(name, value) : value];
    }),
  );
}

function checkStage(state: PortalState, value: string): void {
  const stages = state.pipelines.flatMap((pipeline) => pipeline.stages.map(({ id }) => id));
  if (!stages.includes(value)) {
    throw new Refusal(400, 'VALIDATION_ERROR', `${value} was not one of the allowed options: [${stages.join(', ')}]`, {
      propertyName: ['dealstage'],
    });
  }
}

function checkOptions(name: string, options: readonly { value: string }[], value: string): void {
  const wrong = value.split(';').filter((part) => part !== '' && !options.some((option) => option.value === part));
  if (wrong.length === 0) return;
  throw new Refusal(400, 'VALIDATION_ERROR', `${wrong.join(';')} was not one of the allowed options`, {
    propertyName: [name],
  });
}

function moment(name: string, value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return `${value}T00:00:00Z`;
  const at = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isNaN(at)) {
    throw new Refusal(400, 'VALIDATION_ERROR', `${value} was not a valid long.`, { propertyName: [name] });
  }
  return new Date(at).toISOString();
}
