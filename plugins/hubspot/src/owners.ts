import { defineStream, record, type Key, type Page, type UnifiedRecord } from '@plumbline/connector';
import { z } from 'zod';
import type { HubSpotApis } from './client.ts';
import type { HubSpotConfig, HubSpotSecrets } from './config.ts';
import { rawRecord } from './read-objects.ts';
import {
  apisOf,
  pagesOf,
  readListing,
  skippedOf,
  type HubSpotContext,
  type Listing,
  type RawObject,
} from './requests.ts';
import { userIdSchema, userKey } from './values.ts';

const PAGE_SIZE = 100;

const ownerPayloadSchema = z.looseObject({
  owner: z.looseObject({
    id: z.string().min(1),
    email: z.string().nullish(),
    firstName: z.string().nullish(),
    lastName: z.string().nullish(),
    archived: z.boolean().default(false),
    userId: userIdSchema,
    /** The same, but told of those who left, too. */
    userIdIncludingInactive: userIdSchema,
    type: z.string().optional(),
    teams: z.array(z.looseObject({ name: z.string(), primary: z.boolean().default(false) })).nullish(),
  }),
  /** The id of an active owner with the same address: a person who left and came back has two. */
  supersededBy: z.string().nullable(),
});
type OwnerPayload = z.output<typeof ownerPayloadSchema>;

/** Owners have no change feed and are few: the whole list is read, active ones first, then those who left. */
export const owners = defineStream<HubSpotConfig, HubSpotSecrets, OwnerPayload, object>({
  name: 'owners',
  description: 'Owners of deals and companies, as people; deactivated ones have left.',
  kinds: ['person'],
  raw: ownerPayloadSchema,
  cursor: z.looseObject({}),
  worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
  everyMinutes: 15,
  poll: pollOwners,
  map: mapOwner,
});

async function* pollOwners(context: HubSpotContext): AsyncGenerator<Page> {
  const apis = apisOf(context);
  const activeIds = new Set<string>();
  const activeByEmail = new Map<string, string>();
  for await (const listing of listOwners(apis, false)) {
    for (const owner of listing.objects) {
      activeIds.add(owner.id);
      const email = emailOf(owner);
      if (email) activeByEmail.set(email, owner.id);
    }
    const records = listing.objects.map((owner) => rawRecord(owner, { owner, supersededBy: null }));
    yield { records, cursor: {}, complete: false, skipped: skippedOf(listing, 'owners') };
  }
  for await (const listing of listOwners(apis, true)) {
    const gone = listing.objects.filter(({ id }) => !activeIds.has(id));
    const records = gone.map((owner) =>
      rawRecord(owner, { owner, supersededBy: activeByEmail.get(emailOf(owner) ?? '') ?? null }),
    );
    yield { records, cursor: {}, complete: false, skipped: skippedOf(listing, 'owners') };
  }
  yield { records: [], cursor: {}, complete: true };
}

function emailOf(owner: RawObject): string | null {
  return typeof owner['email'] === 'string' ? owner['email'].trim().toLowerCase() : null;
}

function listOwners({ owners: api }: HubSpotApis, archived: boolean): AsyncGenerator<Listing> {
  return pagesOf((after) =>
    readListing(api.getPageWithHttpInfo(undefined, after ?? undefined, PAGE_SIZE, archived), 'owners'),
  );
}

/** An owner as a person; a queue is nobody. An owner who came back under another id says nothing of the person's status or team. */
function mapOwner({ owner, supersededBy }: OwnerPayload): UnifiedRecord[] {
  if (owner.type === 'QUEUE') return [];
  const email = owner.email ? owner.email.trim().toLowerCase() : null;
  const name = [owner.firstName, owner.lastName].filter(Boolean).join(' ');
  const user = owner.userIdIncludingInactive ?? owner.userId;
  const team = owner.teams?.find(({ primary }) => primary) ?? owner.teams?.[0];
  return [
    record<'person'>({
      kind: 'person',
      id: owner.id,
      keys: [
        `hubspot-owner:${owner.id}`,
        ...(user ? [userKey(user)] : []),
        ...(email ? [`email:${email}` satisfies Key as Key] : []),
      ],
      fields: {
        email,
        ...(name ? { name } : {}),
        ...(supersededBy === null ? { status: owner.archived ? 'LEFT' : 'ACTIVE', team: team?.name ?? null } : {}),
      },
    }),
  ];
}
