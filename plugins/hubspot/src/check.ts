import { HubError, nearest, type Check } from '@plumbline/connector';
import { readPipelines, readPortal, readProperties, type Pipeline } from './account.ts';
import type { HubSpotApis } from './client.ts';
import type { HubSpotConfig } from './config.ts';
import { listRates } from './exchange-rates.ts';
import { configuredProperties } from './inventory.ts';
import { apisOf, listObjects, readListing, type HubSpotContext, type ObjectType } from './requests.ts';
import { stateOfStage } from './stage-state.ts';

/** So many names are listed beside one that does not exist. */
const MOST_LISTED = 15;

const objectTypes = ['deals', 'companies', 'line_items'] as const satisfies readonly ObjectType[];

/** Looks at the token, what it may read, and whether everything that the configuration names is there. */
export async function checkPortal(context: HubSpotContext): Promise<Check[]> {
  const apis = apisOf(context);
  const portal = await attempt('credentials', () => readPortal(apis));
  if ('failure' in portal) return [portal.failure];
  const { id, currency, timeZone } = portal.value;
  const checks: Check[] = [good('credentials', `The token opens portal ${id}: ${currency}, ${timeZone}.`)];
  const { portalId = id } = context.config;
  if (portalId !== id) checks.push(otherPortal(portalId, id));
  for (const type of objectTypes) {
    checks.push(await scopeCheck(`scopes.${type}`, () => listObjects(apis, type, { after: null, limit: 1 })));
  }
  checks.push(
    await scopeCheck('scopes.owners', () =>
      readListing(apis.owners.getPageWithHttpInfo(undefined, undefined, 1, false), 'owners'),
    ),
  );
  if (context.config.exchangeRates) checks.push(await scopeCheck('scopes.exchangeRates', () => listRates(apis, null)));
  checks.push(...(await propertyChecks(apis, context.config)));
  const pipelines = await attempt('scopes.pipelines', () => readPipelines(apis));
  if ('failure' in pipelines) return [...checks, pipelines.failure];
  return [...checks, ...pipelineChecks(pipelines.value, context.config)];
}

async function propertyChecks(apis: HubSpotApis, config: HubSpotConfig): Promise<Check[]> {
  const configured = configuredProperties(config);
  const checks: Check[] = [];
  for (const type of objectTypes) {
    const ofType = configured.filter((each) => each.type === type);
    if (ofType.length === 0) continue;
    const read = await attempt(`scopes.${type}.properties`, () => readProperties(apis, type));
    if ('failure' in read) {
      checks.push(read.failure);
      continue;
    }
    const names = read.value.map(({ name }) => name);
    const wrong = ofType.filter(({ property }) => !names.includes(property));
    checks.push(
      ...wrong.map(({ path, property }) => ({
        subject: path,
        ok: false,
        message: `${type} have no property "${property}". Near it are: ${nearest(property, names, MOST_LISTED).join(', ')}.`,
        remedy: `Set ${path} to the internal name of a property of ${type}, or to null where the site has none.`,
      })),
    );
    if (wrong.length === 0)
      checks.push(good(`properties.${type}`, `All ${ofType.length} configured properties of ${type} exist.`));
  }
  return checks;
}

function pipelineChecks(pipelines: readonly Pipeline[], config: HubSpotConfig): Check[] {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const unknownPipelines = (config.deals.pipelines ?? []).filter(
    (id) => !pipelines.some((pipeline) => pipeline.id === id),
  );
  const unknownStages = Object.keys(config.deals.stageStates).filter((id) => !stages.some((stage) => stage.id === id));
  const known = (items: readonly { id: string; label: string }[], near: string): string =>
    nearest(
      near,
      items.map(({ id, label }) => `${id} (${label})`),
      MOST_LISTED,
    ).join(', ');
  const meaning = stages.map(
    (stage) => `${stage.label} = ${stateOfStage(stage, config.deals.stageStates) ?? 'nothing'}`,
  );
  return [
    ...unknownPipelines.map((id) => ({
      subject: 'deals.pipelines',
      ok: false,
      message: `There is no deal pipeline "${id}". There are: ${known(pipelines, id)}.`,
      remedy: 'List ids of existing pipelines in deals.pipelines, or null for all.',
    })),
    ...unknownStages.map((id) => ({
      subject: `deals.stageStates.${id}`,
      ok: false,
      message: `There is no deal stage "${id}". There are: ${known(stages, id)}.`,
      remedy: 'Use the internal ids of stages in deals.stageStates.',
    })),
    ...(unknownPipelines.length + unknownStages.length === 0
      ? [good('deals.stageStates', `${stages.length} stages: ${meaning.slice(0, 15).join(', ')}.`)]
      : []),
  ];
}

function otherPortal(portalId: number, id: number): Check {
  return {
    subject: 'portalId',
    ok: false,
    message: `portalId is ${portalId}, and the token opens portal ${id}: what HubSpot says of that one is not taken.`,
    remedy: `Set portalId to ${id}, or give a token of portal ${portalId}.`,
  };
}

function good(subject: string, message: string): Check {
  return { subject, ok: true, message, remedy: '' };
}

async function scopeCheck(subject: string, look: () => Promise<unknown>): Promise<Check> {
  const looked = await attempt(subject, look);
  return 'failure' in looked ? looked.failure : good(subject, `${subject.slice('scopes.'.length)} can be read.`);
}

/** A refusal is what a check is there to tell; only an abort goes on up. */
async function attempt<Value>(
  subject: string,
  look: () => Promise<Value>,
): Promise<{ value: Value } | { failure: Check }> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof HubError) || error.code === 'ABORTED') throw error;
    return { failure: { subject, ok: false, message: error.message, remedy: error.remedy } };
  }
}
