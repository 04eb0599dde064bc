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
import { buildSchema } from '@plumbline/hub';
import { expect, test } from 'vitest';

const schema = buildSchema();

test('schema.graphql is the schema that is served; `pnpm schema` writes it anew', () => {
  const committed = readFileSync(new URL('../packages/hub/schema.graphql', import.meta.url), 'utf8');
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
});

test('every type, field, argument and input says what it means', () => {
  expect(undescribed(schema)).toEqual([]);
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
