import type { EmulatorApp } from '@plumbline/emulator';
import { limitQuery, typeParameter, type VendorContext } from './answers.ts';
import type { PropertyDefinition } from './catalogue.ts';
import { Refusal } from './operations.ts';
import type { PortalState } from './portal-state.ts';
import { iso } from './render.ts';
import type { HubSpotOwner, HubSpotPipeline } from './seed.ts';

/** HubSpot dates what was always there at the beginning of 1970. */
const BEGINNING = '1970-01-01T00:00:00Z';

export function addAccountRoutes(app: EmulatorApp, state: PortalState): void {
  const { portal } = state;
  app.get('/crm/v3/owners', (context) => context.json(listOwners(context, portal.owners)));
  app.get('/crm/v3/owners/', (context) => context.json(listOwners(context, portal.owners)));
  app.get('/crm/v3/owners/:id', (context) => {
    const owner = portal.owners.find(({ id }) => id === context.req.param('id'));
    if (!owner) throw new Refusal(404, 'OBJECT_NOT_FOUND', 'Owner not found.');
    return context.json(renderOwner(owner));
  });
  app.get('/crm/v3/pipelines/:type', (context) =>
    context.json({ results: typeParameter(context) === 'deals' ? state.pipelines.map(renderPipeline) : [] }),
  );
  app.get('/crm/v3/properties/:type', (context) =>
    context.json({ results: [...state.catalogues[typeParameter(context)].values()].map(renderProperty) }),
  );
  app.get('/crm/v3/properties/:type/:name', (context) => {
    const definition = state.catalogues[typeParameter(context)].get(context.req.param('name'));
    if (!definition) throw new Refusal(404, 'OBJECT_NOT_FOUND', `Property ${context.req.param('name')} does not exist`);
    return context.json(renderProperty(definition));
  });
  app.get('/account-info/v3/details', (context) => context.json(renderAccount(state)));
  addCurrencyRoutes(app, state);
}

function addCurrencyRoutes(app: EmulatorApp, state: PortalState): void {
  const { portal } = state;
  const currencies = '/settings/v3/currencies';
  app.get(`${currencies}/company-currency`, (context) =>
    context.json({ id: portal.companyCurrency, createdAt: BEGINNING }),
  );
  app.get(`${currencies}/exchange-rates`, (context) => {
    const limit = limitQuery(context, { fallback: 100, most: 100 });
    const all = renderRates(portal);
    const start = Number(context.req.query('after') ?? 0);
    const more = start + limit < all.length;
    return context.json({
      results: all.slice(start, start + limit),
      ...(more ? { paging: { next: { after: String(start + limit) } } } : {}),
    });
  });
  app.get(`${currencies}/exchange-rates/current`, (context) => {
    const now = iso(state.clock.now().epochMilliseconds);
    const latest = new Map<string, ReturnType<typeof renderRates>[number]>();
    for (const rate of renderRates(portal).filter(({ effectiveAt }) => effectiveAt <= now)) {
      const pair = `${rate.fromCurrencyCode}>${rate.toCurrencyCode}`;
      if ((latest.get(pair)?.effectiveAt ?? '') <= rate.effectiveAt) latest.set(pair, rate);
    }
    return context.json({ results: [...latest.values()] });
  });
}

function listOwners(context: VendorContext, owners: readonly HubSpotOwner[]): object {
  const archived = context.req.query('archived') === 'true';
  const email = context.req.query('email');
  const limit = limitQuery(context, { fallback: 100, most: 500 });
  const start = Number(context.req.query('after') ?? 0);
  const matches = owners.filter((owner) => owner.archived === archived && (!email || owner.email === email));
  const more = start + limit < matches.length;
  return {
    results: matches.slice(start, start + limit).map(renderOwner),
    ...(more ? { paging: { next: { after: String(start + limit), link: `?after=${start + limit}` } } } : {}),
  };
}

function renderOwner(owner: HubSpotOwner): object {
  const { id, email, firstName, lastName, userId, archived, type = 'PERSON' } = owner;
  return {
    id,
    email,
    type,
    firstName,
    lastName,
    ...(archived ? {} : { userId }),
    userIdIncludingInactive: userId,
    createdAt: '2023-03-11T13:13:59.578Z',
    updatedAt: '2023-03-11T13:13:59.578Z',
    archived,
  };
}

function renderPipeline(pipeline: HubSpotPipeline, index: number): object {
  const times = { createdAt: BEGINNING, updatedAt: BEGINNING, archived: false };
  return {
    id: pipeline.id,
    label: pipeline.label,
    displayOrder: index,
    ...times,
    stages: pipeline.stages.map((stage, order) => ({
      id: stage.id,
      label: stage.label,
      displayOrder: order,
      ...times,
      metadata: {
        isClosed: String(stage.isClosed),
        probability: stage.probability.toFixed(1 + Number((stage.probability * 10) % 1 !== 0)),
      },
      writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
    })),
  };
}

function renderProperty(definition: PropertyDefinition): object {
  const { name, label, type, readOnly, calculated, hubspotDefined } = definition;
  const fieldTypes = {
    string: 'text',
    number: 'number',
    date: 'date',
    datetime: 'date',
    enumeration: 'select',
    bool: 'booleancheckbox',
  };
  return {
    name,
    label,
    type,
    fieldType: fieldTypes[type],
    description: '',
    groupName: hubspotDefined ? 'information' : 'custom',
    options: definition.options.map((option, displayOrder) => ({ ...option, displayOrder, hidden: false })),
    calculated,
    externalOptions: name === 'hubspot_owner_id',
    hasUniqueValue: false,
    hidden: false,
    hubspotDefined,
    modificationMetadata: { archivable: !hubspotDefined, readOnlyDefinition: hubspotDefined, readOnlyValue: readOnly },
    formField: false,
    dataSensitivity: 'non_sensitive',
  };
}

function renderAccount({ portal, clock }: PortalState): object {
  const offset = clock.now().toZonedDateTimeISO(portal.timeZone);
  return {
    portalId: portal.portalId,
    accountType: 'STANDARD',
    timeZone: portal.timeZone,
    companyCurrency: portal.companyCurrency,
    additionalCurrencies: portal.additionalCurrencies,
    utcOffset: offset.offset,
    utcOffsetMilliseconds: offset.offsetNanoseconds / 1_000_000,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'na1',
  };
}

function renderRates(portal: PortalState['portal']) {
  return (portal.exchangeRates ?? []).map(({ from, to, rate, effectiveAt }, index) => ({
    id: String(index + 1),
    fromCurrencyCode: from,
    toCurrencyCode: to,
    conversionRate: rate,
    effectiveAt: iso(effectiveAt),
    createdAt: iso(effectiveAt),
    updatedAt: iso(effectiveAt),
    visibleInUI: true,
  }));
}
