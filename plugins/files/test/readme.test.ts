import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { configSchema, type FilesConfigInput } from '../src/index.ts';
import { openShelf, type Shelf } from './shelf.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

let shelf: Shelf | undefined;
afterEach(() => shelf?.remove());

async function readConfig(): Promise<FilesConfigInput> {
  const module = (await import(`data:text/javascript,${encodeURIComponent(`export default ${example}`)}`)) as {
    default: FilesConfigInput;
  };
  return module.default;
}

test('the README’s configuration reads what it says', async () => {
  shelf = await openShelf((await readConfig()).tables);
  const deals =
    'Deal No.;Title;Value;Currency;Closes;Chance;Customer;Seller;Region;Commission\r\n7;Über;1.250,50;EUR;31.03.2026;40;A1;Ada@x.com;EMEA;99\r\n';
  await shelf.write('crm/deals-1.csv', Buffer.from(deals, 'latin1'));
  const customer = { id: 'A1', name: 'Acme', domains: ['Acme.com', 'acme.de'], billing: { currency: 'CHF' } };
  await shelf.write('crm/customers.json', JSON.stringify({ data: { customers: [customer] } }));
  expect((await shelf.check()).filter(({ ok }) => !ok)).toEqual([]);
  const { records, payloads } = await shelf.poll(null, 'deals');
  expect(records).toEqual([
    {
      kind: 'opportunity',
      id: '7',
      keys: ['file-row:deals/7'],
      fields: {
        name: 'Über',
        amount: { amount: '1250.5', currency: 'EUR' },
        closeDate: '2026-03-31',
        probability: '0.4',
        client: 'file-row:customers/A1',
        owner: 'email:ada@x.com',
      },
      customFields: { region: 'EMEA' },
    },
  ]);
  expect(JSON.stringify(payloads)).not.toContain('99');
  expect((await shelf.poll(null, 'customers')).records[0]?.fields).toEqual({
    name: 'Acme',
    domains: ['acme.com', 'acme.de'],
    currency: 'CHF',
  });
});

test('the README names every member there is', async () => {
  const config = configSchema.parse(await readConfig());
  const members = [...Object.keys(config), ...Object.keys(config.tables[0] ?? {}), ...Object.keys(config.limits)];
  expect(members.length).toBeGreaterThan(15);
  expect(members.filter((member) => !readme.includes(member))).toEqual([]);
});
