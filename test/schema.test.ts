import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLSchema,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { systemClock } from '@plumbline/connector';
import { files } from '@plumbline/files';
import { buildSchema, installSources } from '@plumbline/hub';
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { sourcesOf } from '../apps/sandbox/src/sources.ts';
import { buildClientSchema } from '../packages/hub/src/client-status/client-status.graphql.ts';

const schema = buildSchema();

test('schema.graphql is the schema that is served; `pnpm schema` writes it anew', () => {
  const committed = readFileSync(new URL('../packages/hub/schema.graphql', import.meta.url), 'utf8');
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});

test('client-status.graphql is all that clients can ask: what reaches them shows in it before it does', () => {
  const committed = readFileSync(new URL('../packages/hub/client-status.graphql', import.meta.url), 'utf8');
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(buildClientSchema()))}\n`);
});

test('every type, field, argument and input says what it means', () => {
  expect(undescribed(schema)).toEqual([]);
});

test('every subset of the connectors makes a schema: what each adds stands beside the rest, described, and alone', () => {
  const sandbox = sourcesOf({
    addresses: { jira: 'http://127.0.0.1:1', hubspot: 'http://127.0.0.1:2', google: 'http://127.0.0.1:3' },
    jira: { email: 'ada@kestrel.example', apiToken: 'a-token-of-a-test' },
    hubspot: { accessToken: 'a-token-of-a-test' },
    google: {
      clientEmail: 'hub@kestrel.example',
      privateKey: String(
        generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
      ),
    },
  });
  const deals = { name: 'deals', files: 'deals.csv', kind: 'opportunity', key: { column: 'No.' }, columns: {} };
  const exports = { folder: '/srv/exports', tables: [deals] };
  const all = [...sandbox, { id: 'files' as const, connector: files, config: exports, secrets: {} }];
  // Files add streams and no field.
  const fields = {
    hubspot: 'Opportunity.hubspot',
    jira: 'Project.jira',
    'google-sheets': 'Rate.googleSheets',
    files: null,
  };
  for (let subset = 0; subset < 2 ** all.length; subset += 1) {
    const chosen = all.filter((_, index) => subset & (1 << index));
    const made = buildSchema(installSources(chosen, systemClock));
    expect(undescribed(made)).toEqual([]);
    const types = Object.entries(schema.getTypeMap()).map(([name]) => name);
    expect(types.filter((name) => !made.getType(name))).toEqual([]);

    const adds = chosen.some(({ id }) => fields[id] !== null);
    expect(Object.keys(made.getTypeMap()).length > types.length).toBe(adds);
    for (const { id } of all) {
      if (fields[id] === null) continue;
      const [type, field] = fields[id].split('.') as [string, string];
      const object = made.getType(type);
      expect(isObjectType(object) && field in object.getFields()).toBe(chosen.some((each) => each.id === id));
    }
  }
});

/** Every place without a description, but for what GraphQL itself brings and values that are words of their own. */
function undescribed(of: GraphQLSchema): string[] {
  return Object.values(of.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    const missing = type.description ? [] : [type.name];
    if (isEnumType(type)) return missing;
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return missing;
    for (const field of Object.values(type.getFields())) {
      if (!field.description) missing.push(`${type.name}.${field.name}`);
      if ('args' in field)
        for (const argument of field.args)
          if (!argument.description) missing.push(`${type.name}.${field.name}(${argument.name})`);
    }
    return missing;
  });
}
