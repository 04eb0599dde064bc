import type { Accepted, Clock, Logger, Refused, WebhookRequest } from '@plumbline/connector';
import { randomUUIDv7 } from 'node:crypto';
import type { Database, Rows } from '../kernel/database.ts';
import type { InstalledSource } from '../sources/installed-source.ts';
import { createRequestRate, type RequestRate } from './request-rate.ts';
import { addToHealth, newNotices, storeNotices, type Tally } from './webhook-store.ts';

/** What the vendor is told. `message` says nothing that a forger could learn from. */
interface WebhookAnswer {
  status: 200 | 400 | 401 | 403 | 404 | 429;
  message: string;
}

/** A request as the server has it: path and query as they were sent. */
interface IncomingWebhook extends Omit<WebhookRequest, 'url'> {
  path: string;
}

export interface WebhookReceiver {
  /** Answers once what the request says is on record, before anything is read. Throws only when the database fails. */
  receive(sourceId: string, request: IncomingWebhook): Promise<WebhookAnswer>;
  /** What this process has counted and not written yet. */
  tallyOf(sourceId: string): Tally;
  /** Writes down what was counted. */
  flush(): Promise<void>;
}

interface Door {
  source: InstalledSource;
  rate: RequestRate;
  tally: Tally;
}

/** Vendors send bursts after bulk edits; HubSpot has ten requests under way at most. */
const RATE = { burst: 200, perSecond: 50 };

const answers = {
  FORGED: { status: 401, message: 'The signature is not right.' },
  EXPIRED: { status: 403, message: 'The request is too old, or from the future.' },
  MALFORMED: { status: 400, message: 'The body is not what this vendor sends.' },
} as const satisfies Record<string, WebhookAnswer>;

export function createWebhookReceiver(input: {
  database: Database;
  sources: readonly InstalledSource[];
  clock: Clock;
  logger: Logger;
  /** Where vendors reach this hub, without a trailing slash; null while nobody has said. */
  address(): string | null;
  /** Asks, within the transaction, for a look at the source as soon as a worker is free. */
  wake(rows: Rows, sourceId: string): Promise<void>;
}): WebhookReceiver {
  const { database, clock, logger } = input;
  const doors = new Map(
    input.sources
      .filter(({ connector }) => connector.webhooks?.isSetUp)
      .map((source): [string, Door] => [source.id, { source, rate: createRequestRate(RATE, clock), tally: nothing() }]),
  );

  function refuse(door: Door, refusal: Refused): WebhookAnswer {
    door.tally.refused += 1;
    door.tally.lastRefusedAt = clock.now().toString();
    door.tally.lastRefusal = `${refusal.reason}: ${refusal.message}`;
    logger.warn({ source: door.source.id, reason: refusal.reason }, `A webhook was refused: ${refusal.message}`);
    return answers[refusal.reason];
  }

  async function take(door: Door, reception: Accepted): Promise<WebhookAnswer> {
    const sourceId = door.source.id;
    const fresh = await newNotices(database.rows, sourceId, reception.notices);
    if (fresh.length === 0) {
      door.tally.repeated += 1;
      return { status: 200, message: 'Known already.' };
    }
    const tally = door.tally;
    door.tally = nothing();
    const now = clock.now().toString();
    try {
      await database.transaction(async (rows) => {
        await storeNotices(rows, {
          sourceId,
          notices: fresh,
          keepUntil: reception.validUntil.toString(),
          now,
          mark: randomUUIDv7(),
        });
        await addToHealth(rows, { sourceId, accepted: 1, at: now, tally });
        if (fresh.some(({ looks, erasures = [] }) => looks.length + erasures.length > 0))
          await input.wake(rows, sourceId);
      });
    } catch (error) {
      door.tally = added(tally, door.tally);
      throw error;
    }
    return { status: 200, message: 'Taken.' };
  }

  return {
    async receive(sourceId, { method, path, headers, body }) {
      const door = doors.get(sourceId);
      const address = input.address();
      const { webhooks } = door?.source.connector ?? {};
      if (!door || !webhooks || address === null) return { status: 404, message: 'No webhooks are expected here.' };
      if (!door.rate.take()) return { status: 429, message: 'Too many requests; try again in a few seconds.' };
      const reception = webhooks.receive({ method, url: address + path, headers, body }, clock.now());
      return reception.outcome === 'REFUSED' ? refuse(door, reception) : take(door, reception);
    },
    tallyOf: (sourceId) => doors.get(sourceId)?.tally ?? nothing(),
    async flush() {
      for (const door of doors.values()) {
        const { tally } = door;
        if (tally.refused + tally.repeated === 0) continue;
        door.tally = nothing();
        await addToHealth(database.rows, { sourceId: door.source.id, accepted: 0, at: null, tally });
      }
    },
  };
}

function nothing(): Tally {
  return { repeated: 0, refused: 0, lastRefusedAt: null, lastRefusal: null };
}

function added(before: Tally, after: Tally): Tally {
  return {
    repeated: before.repeated + after.repeated,
    refused: before.refused + after.refused,
    lastRefusedAt: after.lastRefusedAt ?? before.lastRefusedAt,
    lastRefusal: after.lastRefusal ?? before.lastRefusal,
  };
}
