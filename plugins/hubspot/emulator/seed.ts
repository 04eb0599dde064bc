/** What a HubSpot portal holds, in the emulator's own compact form; the emulator renders it as HubSpot would. */
export interface HubSpotPortal {
  portalId: number;
  accessToken: string;
  timeZone: string;
  companyCurrency: string;
  additionalCurrencies: readonly string[];
  owners: readonly HubSpotOwner[];
  pipelines: readonly HubSpotPipeline[];
  /** Custom properties beside HubSpot's own, by object type. */
  properties: readonly {
    objectType: 'deals' | 'companies' | 'line_items';
    name: string;
    label: string;
    type: 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool';
    options?: readonly { label: string; value: string }[];
  }[];
  /** How many units of `to` one unit of `from` buys, from an instant (epoch milliseconds) on. */
  exchangeRates?: readonly { from: string; to: string; rate: number; effectiveAt: number }[];
}

export interface HubSpotOwner {
  id: string;
  userId: number;
  email: string;
  firstName: string;
  lastName: string;
  archived: boolean;
  /** A person when absent. */
  type?: 'PERSON' | 'QUEUE';
}

export interface HubSpotPipeline {
  id: string;
  label: string;
  stages: readonly { id: string; label: string; probability: number; isClosed: boolean }[];
}

export type HubSpotObjectType = 'deals' | 'companies' | 'line_items';

export interface HubSpotRecord {
  type: HubSpotObjectType;
  id: string;
  /** Internal property names; every value is text or null, as HubSpot answers. */
  properties: Readonly<Record<string, string | null>>;
  /** Newest first, for the properties whose history is kept; the emulator goes on writing it. */
  history?: Readonly<Record<string, readonly HubSpotHistoryEntry[]>>;
  /** Epoch milliseconds. */
  created: number;
  updated: number;
  archived?: boolean;
}

export interface HubSpotHistoryEntry {
  value: string;
  at: number;
  sourceType: string;
  sourceId?: string;
  userId?: number;
}

/** deal→company (5 primary, 341 other), line item→deal (20). */
export interface HubSpotAssociation {
  from: { type: HubSpotObjectType; id: string };
  to: { type: HubSpotObjectType; id: string };
  typeId: number;
}
