import { defineStream, record, type Key, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import { portalSchema, presentPortal } from './account.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { changeCursorSchema, fingerprint, LAG_MS, type ChangeCursor } from './cursor.ts';
import { mergedAway } from './deal-payload.ts';
import {
  confirmObjects,
  listRecords,
  lookAtObjects,
  rawRecord,
  readObjectPages,
  type ObjectReading,
} from './read-objects.ts';
import { apisOf, detailsOf, type HubSpotContext } from './requests.ts';
import { badValue, customFieldsOf, given, listOf, objectSchema } from './values.ts';

const companyPayloadSchema = z.looseObject({ company: objectSchema, portal: portalSchema.pick({ timeZone: true }) });
type CompanyPayload = z.output<typeof companyPayloadSchema>;

export const companies = defineStream<HubSpotConfig, HubSpotSecrets, CompanyPayload, ChangeCursor>({
  name: 'companies',
  description: 'Companies, as clients.',
  kinds: ['client'],
  raw: companyPayloadSchema,
  cursor: changeCursorSchema,
  worth: { granularityMs: 1, lagMs: LAG_MS, zone: 'UTC', tieBreaker: 'id' },
  async *poll(context, cursor) {
    yield* readObjectPages(context, await companyReading(context), cursor);
  },
  census: (context) => listRecords(context, 'companies'),
  confirm: (context, ids) => confirmObjects(context, 'companies', ids),
  look: async (context, ids) => lookAtObjects(await companyReading(context), ids),
  map: mapCompany,
});

async function companyReading(context: HubSpotContext): Promise<ObjectReading> {
  const apis = apisOf(context);
  const { timeZone } = await presentPortal(context, apis);
  const details = detailsOf(apis, 'companies', companyProperties(context.config));
  return {
    apis,
    type: 'companies',
    properties: details.inSearch,
    shape: fingerprint([details.properties, timeZone]),
    async collect(found) {
      const read = await details.read(found);
      return {
        records: read.map((company) => rawRecord(company, { company, portal: { timeZone } })),
        deletes: read.flatMap(mergedAway),
      };
    },
    reread: details.byId,
  };
}

function companyProperties(config: HubSpotConfig): string[] {
  const { currencyProperty, customFields } = config.companies;
  return [
    ...new Set([
      'name',
      'domain',
      'hs_additional_domains',
      'country',
      'hubspot_owner_id',
      'hs_merged_object_ids',
      ...(currencyProperty ? [currencyProperty] : []),
      ...Object.values(customFields).map(({ property }) => property),
    ]),
  ].sort();
}

/** A company as a client. Pure; throws with the property's name on what it cannot read. */
function mapCompany({ company, portal }: CompanyPayload, config: HubSpotConfig): UnifiedRecord[] {
  const { properties } = company;
  const { currencyProperty, unifyByDomain, ignoredDomains, customFields } = config.companies;
  const domains = domainsOf(properties);
  const merged = listOf(properties['hs_merged_object_ids'] ?? '').filter((id) => id !== company.id);
  const identifying = unifyByDomain ? domains.filter((domain) => !ignoredDomains.includes(domain)) : [];
  const owner = given(properties['hubspot_owner_id']);
  const ownerKey: Key | null | undefined = owner ? `hubspot-owner:${owner}` : owner === null ? null : undefined;
  return [
    record<'client'>({
      kind: 'client',
      id: company.id,
      keys: [
        ...[company.id, ...merged].map((id): Key => `hubspot-company:${id}`),
        ...identifying.map((domain): Key => `domain:${domain}`),
      ],
      fields: {
        name: given(properties['name']),
        domains,
        country: given(properties['country']),
        owner: ownerKey,
        ...(currencyProperty
          ? { currency: currencyOf(company.id, currencyProperty, properties[currencyProperty]) }
          : {}),
      },
      customFields: customFieldsOf('company', company, { fields: customFields, timeZone: portal.timeZone }),
    }),
  ];
}

function currencyOf(id: string, property: string, value: string | null | undefined): string | null | undefined {
  const code = given(value);
  if (code && !/^[A-Z]{3}$/.test(code))
    throw badValue({ what: 'company', id, property }, 'an ISO 4217 code such as EUR', code);
  return code;
}

/** The main domain first; people paste addresses where a domain is meant. */
function domainsOf(properties: Record<string, string | null>): string[] {
  const listed = [properties['domain'], properties['hs_additional_domains']].flatMap((value) =>
    listOf(value ?? '', /[;,\s]/),
  );
  const bare = listed.map((domain) =>
    domain
      .toLowerCase()
      .replace(/^[a-z]+:\/\//, '')
      .replace(/^www\./, '')
      .replace(/[/?#:].*$/, ''),
  );
  return [...new Set(bare.filter((domain) => domain !== ''))];
}
