import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Random } from '../../packages/emulator/src/index.ts';
import { day, type Edit } from './edit.ts';

/** Ids of what is there now. */
export interface InHubSpot {
  deals: ReadonlySet<string>;
  companies: ReadonlySet<string>;
  lineItems: ReadonlySet<string>;
}

const primaryCompany = 5;
const lineItemToDeal = 20;

/** What salespeople do, and what is left of it. */
export function hubSpotEdits(
  { hubspot, company }: Pick<Sandbox, 'hubspot' | 'company'>,
  { random, next }: { random: Random; next(): number },
): { edits: Edit[]; living: InHubSpot } {
  const deals = new Set<string>();
  const companies = new Set<string>();
  const lineItems = new Set<string>();
  const archived = new Set<string>();
  const living = { deals, companies, line_items: lineItems };
  for (const { records = [] } of company.hubspot.batches())
    for (const { type, id, archived: isArchived } of records)
      (isArchived && type === 'deals' ? archived : living[type]).add(id);
  const stages = company.hubspot.portal.pipelines.flatMap((pipeline) =>
    pipeline.stages.map(({ id }) => ({ pipeline: pipeline.id, id })),
  );
  const one = (set: ReadonlySet<string>): string => random.pick([...set]);
  const attach = (dealId: string, companyId: string): void =>
    hubspot.associate({
      from: { type: 'deals', id: dealId },
      to: { type: 'companies', id: companyId },
      typeId: primaryCompany,
    });

  const inDeals: Edit[] = [
    () => {
      const id = one(deals);
      hubspot.update('deals', id, { dealname: `Renamed ${next()}`, amount: String(random.integer(1, 900) * 100) });
      return `deal ${id} renamed`;
    },
    () => {
      const id = one(deals);
      hubspot.update('deals', id, { closedate: `${day(random)}T00:00:00Z` });
      return `deal ${id} re-dated`;
    },
    () => {
      const [id, stage] = [one(deals), random.pick(stages)];
      hubspot.update('deals', id, { pipeline: stage.pipeline, dealstage: stage.id });
      return `deal ${id} moved to ${stage.id}`;
    },
    () => {
      const id = one(deals);
      hubspot.archive('deals', id);
      deals.delete(id);
      archived.add(id);
      return `deal ${id} archived`;
    },
    () => {
      if (archived.size === 0) return 'nothing to restore';
      const id = one(archived);
      hubspot.restore('deals', id);
      archived.delete(id);
      deals.add(id);
      return `deal ${id} restored`;
    },
    () => {
      const stage = random.pick(stages);
      const id = hubspot.create('deals', {
        dealname: `New ${next()}`,
        pipeline: stage.pipeline,
        dealstage: stage.id,
        amount: '5000',
      });
      attach(id, one(companies));
      deals.add(id);
      return `deal ${id} created`;
    },
    () => {
      const [primary, merged] = [one(deals), one(deals)];
      if (primary === merged) return 'nothing to merge';
      hubspot.merge('deals', { primary, merged });
      deals.delete(merged);
      return `deal ${merged} merged into ${primary}`;
    },
    () => {
      const [id, client] = [one(deals), one(companies)];
      attach(id, client);
      return `deal ${id} given to company ${client}`;
    },
  ];
  const inCompanies: Edit[] = [
    () => {
      const id = one(companies);
      hubspot.update('companies', id, { name: `Company ${next()}` });
      return `company ${id} renamed`;
    },
    () => {
      const id = hubspot.create('companies', { name: `New company ${next()}`, country: 'DE' });
      companies.add(id);
      return `company ${id} created`;
    },
    () => {
      const [primary, merged] = [one(companies), one(companies)];
      if (primary === merged) return 'nothing to merge';
      hubspot.merge('companies', { primary, merged });
      companies.delete(merged);
      return `company ${merged} merged into ${primary}`;
    },
  ];
  const inLineItems: Edit[] = [
    () => {
      const id = one(lineItems);
      hubspot.update('line_items', id, {
        price: String(random.integer(1, 90) * 10),
        quantity: String(random.integer(1, 40)),
      });
      return `line item ${id} priced`;
    },
    () => {
      const id = one(lineItems);
      hubspot.archive('line_items', id);
      lineItems.delete(id);
      return `line item ${id} archived`;
    },
    () => {
      const deal = one(deals);
      const id = hubspot.create('line_items', { name: `Days ${next()}`, price: '900', quantity: '3' });
      hubspot.associate({
        from: { type: 'line_items', id },
        to: { type: 'deals', id: deal },
        typeId: lineItemToDeal,
      });
      lineItems.add(id);
      return `line item ${id} added to deal ${deal}`;
    },
  ];
  return { edits: [...inDeals, ...inCompanies, ...inLineItems], living: { deals, companies, lineItems } };
}
