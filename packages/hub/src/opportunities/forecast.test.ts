import { manualClock, silentLogger } from '@plumbline/connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord, recordWith } from '../../test/memory-connector.ts';
import { createApi, type Api } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';

let database: TestDatabase;
let hub: Hub;
let api: Api;

/** A deal that stood open at a chance since January, planned for another day or not, and was won or lost on a day. */
function deal(
  id: string,
  of: { amount: string; currency?: string; chance: string; ended: 'WON' | 'LOST'; on: string; planned?: string },
) {
  const record = rawRecord(id, [`deal:${id}`], {
    name: id,
    state: of.ended,
    amount: { amount: of.amount, currency: of.currency ?? 'EUR' },
    probability: of.ended === 'WON' ? '1' : '0',
    closeDate: of.on,
  });
  const history = [
    { field: 'state', at: '2026-01-01T00:00:00Z', value: 'NEGOTIATING' },
    { field: 'state', at: `${of.on}T12:00:00Z`, value: of.ended },
    { field: 'probability', at: '2026-01-01T00:00:00Z', value: of.chance },
    { field: 'probability', at: `${of.on}T12:00:00Z`, value: of.ended === 'WON' ? '1' : '0' },
    { field: 'closeDate', at: '2026-01-01T00:00:00Z', value: of.planned ?? of.on },
    { field: 'closeDate', at: `${of.on}T12:00:00Z`, value: of.on },
  ];
  return recordWith(record, { history });
}

beforeAll(async () => {
  database = await emptyDatabase({ durable: false });
  const crm = memoryConnector('hubspot', {
    deals: {
      kind: 'opportunity',
      pages: [
        {
          records: [
            deal('Portal', { amount: '500000', chance: '0.3', ended: 'WON', on: '2026-04-20' }),
            deal('Archive', { amount: '400000', chance: '1', ended: 'LOST', on: '2026-04-25' }),
            deal('Shop', { amount: '500000', chance: '1', ended: 'WON', on: '2026-05-20' }),
            deal('Kiosk', { amount: '90000', currency: 'USD', chance: '1', ended: 'LOST', on: '2026-05-21' }),
            deal('Depot', { amount: '500000', chance: '1', ended: 'WON', on: '2026-02-20' }),
            deal('Attic', {
              amount: '90000',
              currency: 'USD',
              chance: '1',
              ended: 'WON',
              on: '2026-02-21',
              planned: '2026-03-21',
            }),
          ],
        },
      ],
    },
  });
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-06-15T12:00:00Z'),
    sources: [{ id: 'crm', connector: crm, config: {}, secrets: {} }],
  });
  await hub.sync();
  api = createApi(hub);
});

afterAll(async () => {
  await hub.close();
  await database.drop();
});

async function forecast(period: string, at = ''): Promise<unknown> {
  const { data, errors } = await api.query(`{ pipeline(${period}, currency: "EUR") {
    forecastAccuracy${at} { value reason inputs { name value } } forecastBias${at} { value } } }`);
  return errors?.[0]?.message ?? data?.['pipeline'];
}

test('a forecast is what the pipeline said as the period began, against what was won in it', async () => {
  const inputs = [
    { name: 'forecast', value: '550000' },
    { name: 'actual', value: '500000' },
  ];
  expect(await forecast('from: "2026-04-01", to: "2026-04-30"')).toEqual({
    forecastAccuracy: { value: '0.9', reason: null, inputs },
    forecastBias: { value: '0.1' },
  });
});

test('a later forecast knows what was won by then', async () => {
  const later = await forecast('from: "2026-04-01", to: "2026-04-30"', '(forecastAt: "2026-04-22T00:00:00Z")');
  expect(later).toMatchObject({ forecastAccuracy: { value: '0.2' }, forecastBias: { value: '0.8' } });
});

test('a period that is not over has no accuracy yet, and what was said behind its end is no forecast', async () => {
  expect(await forecast('from: "2026-04-01", to: "2026-04-30", asOf: "2026-04-26T00:00:00Z"')).toMatchObject({
    forecastAccuracy: { value: null, reason: expect.stringContaining('not over') },
  });
});

test('where no rate converts a part of the forecast or of what was won, neither is told as a whole', async () => {
  const reason = (what: string) => ({
    forecastAccuracy: { value: null, reason: expect.stringContaining(`not all that was ${what}`) as string },
    forecastBias: { value: null },
  });
  expect(await forecast('from: "2026-05-01", to: "2026-05-31"')).toMatchObject(reason('expected of it'));
  expect(await forecast('from: "2026-02-01", to: "2026-02-28"')).toMatchObject(reason('won in it'));
  const late = await forecast('from: "2026-04-01", to: "2026-04-30"', '(forecastAt: "2026-05-01T00:00:00Z")');
  expect(late).toContain('was over on 2026-04-30');
});
