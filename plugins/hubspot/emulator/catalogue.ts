import type { HubSpotObjectType, HubSpotPortal } from './seed.ts';

type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool';

/** A property as the emulator knows it; the ones with `readOnly` are refused in writes. */
export interface PropertyDefinition {
  name: string;
  label: string;
  type: PropertyType;
  readOnly: boolean;
  calculated: boolean;
  hubspotDefined: boolean;
  options: readonly { label: string; value: string }[];
}

/** Names by type: `!` marks what only HubSpot writes, `=` what it computes. */
type Names = Partial<Record<PropertyType, string>>;

const common: Names = {
  number: 'hs_object_id! num_notes! hs_created_by_user_id! hs_updated_by_user_id!',
  string: 'description hs_object_source! hs_object_source_id! hs_object_source_label! hs_unique_creation_key!',
  datetime:
    'createdate hs_createdate! hs_lastmodifieddate! notes_last_contacted! notes_last_updated! notes_next_activity_date!',
  enumeration: 'hubspot_owner_id hubspot_team_id hs_merged_object_ids!',
};

const names: Record<HubSpotObjectType, Names> = {
  deals: {
    string: 'dealname hs_next_step closed_lost_reason closed_won_reason',
    number:
      'amount hs_tcv hs_acv hs_arr hs_mrr hs_exchange_rate hs_forecast_probability num_associated_contacts! ' +
      'amount_in_home_currency= hs_closed_amount= hs_deal_stage_probability= hs_forecast_amount= hs_projected_amount= days_to_close=',
    datetime: 'closedate hs_v2_date_entered_current_stage= hubspot_owner_assigneddate!',
    enumeration:
      'dealstage pipeline dealtype deal_currency_code hs_manual_forecast_category hs_priority hs_analytics_source',
    bool: 'hs_is_closed= hs_is_closed_won= hs_was_imported!',
  },
  companies: {
    string: 'name domain website phone address city state zip country timezone hs_additional_domains founded_year',
    number: 'annualrevenue numberofemployees num_associated_deals! num_associated_contacts!',
    enumeration: 'industry lifecyclestage type hs_lead_status',
    datetime: 'closedate',
    bool: 'is_public',
  },
  line_items: {
    string: 'name hs_sku hs_product_id hs_recurring_billing_period',
    number:
      'price quantity discount hs_discount_percentage tax hs_cost_of_goods_sold amount= hs_pre_discount_amount= hs_total_discount=',
    enumeration: 'hs_line_item_currency_code recurringbillingfrequency hs_term_in_months',
    date: 'hs_recurring_billing_start_date',
  },
};

/** What an answer brings when no property is asked for. */
export const defaultProperties: Record<HubSpotObjectType, readonly string[]> = {
  deals: [
    'amount',
    'closedate',
    'createdate',
    'dealname',
    'dealstage',
    'hs_lastmodifieddate',
    'hs_object_id',
    'pipeline',
  ],
  companies: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
  line_items: ['createdate', 'hs_lastmodifieddate', 'hs_object_id'],
};

/** What an answer brings beside what was asked for. */
export const alwaysProperties = ['createdate', 'hs_lastmodifieddate', 'hs_object_id'] as const;

export function createCatalogue(portal: HubSpotPortal, type: HubSpotObjectType): Map<string, PropertyDefinition> {
  const definitions = new Map<string, PropertyDefinition>();
  for (const group of [common, names[type]]) {
    for (const [propertyType, text] of Object.entries(group) as [PropertyType, string][]) {
      for (const marked of text.split(' ')) {
        const definition = hubspotProperty(portal, marked, propertyType);
        definitions.set(definition.name, definition);
      }
    }
  }
  for (const property of portal.properties.filter((each) => each.objectType === type)) {
    definitions.set(property.name, customProperty(property));
  }
  return definitions;
}

/** A property that the portal's people added. */
export function customProperty(property: HubSpotPortal['properties'][number]): PropertyDefinition {
  const { name, label, type, options = [] } = property;
  return { name, label, type, readOnly: false, calculated: false, hubspotDefined: false, options };
}

function hubspotProperty(portal: HubSpotPortal, marked: string, type: PropertyType): PropertyDefinition {
  const name = marked.replace(/[!=]$/, '');
  const words = name.replace(/^hs_/, '').replaceAll('_', ' ');
  return {
    name,
    label: words.charAt(0).toUpperCase() + words.slice(1),
    type,
    readOnly: marked !== name,
    calculated: marked.endsWith('='),
    hubspotDefined: true,
    options: optionsOf(portal, name),
  };
}

function optionsOf(portal: HubSpotPortal, name: string): readonly { label: string; value: string }[] {
  if (name === 'pipeline') return portal.pipelines.map(({ id, label }) => ({ label, value: id }));
  if (name === 'deal_currency_code' || name === 'hs_line_item_currency_code') {
    return [portal.companyCurrency, ...portal.additionalCurrencies].map((code) => ({ label: code, value: code }));
  }
  return [];
}
