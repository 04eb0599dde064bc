import type { JsonValue } from '@plumbline/connector';
import { GraphQLError, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import type { Builder } from './builder.ts';

/** Decimal, Instant, LocalDate, Duration, JSON and Money. */
export function addScalars(builder: Builder): void {
  builder.scalarType('Decimal', {
    description: 'An exact decimal number as text, such as "1250.50".',
    serialize: String,
    ...read((value) => checked(value, /^-?\d{1,30}(\.\d{1,18})?$/, 'a decimal number as text, such as "1250.50"')),
  });
  builder.scalarType('Instant', {
    description: 'A point in time in UTC, such as "2026-03-01T09:30:00Z".',
    serialize: (value) => String(value),
    ...read((value) => {
      try {
        return Temporal.Instant.from(String(value)).toString();
      } catch {
        throw new GraphQLError('An Instant is a time with its offset, such as "2026-03-01T09:30:00Z".');
      }
    }),
  });
  builder.scalarType('LocalDate', {
    description: 'A calendar date, such as "2026-03-01", in the zone of its project or person.',
    serialize: String,
    ...read((value) => {
      try {
        return Temporal.PlainDate.from(String(value), { overflow: 'reject' }).toString();
      } catch {
        throw new GraphQLError('A LocalDate is a calendar date, such as "2026-03-01".');
      }
    }),
  });
  builder.scalarType('Duration', {
    description: 'A duration in whole seconds.',
    serialize: Number,
    ...read((value) => {
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      throw new GraphQLError('A Duration is a whole number of seconds.');
    }),
  });
  builder.scalarType('JSON', {
    description: 'Any JSON value.',
    serialize: (value) => value,
    parseValue: (value) => value as JsonValue,
    parseLiteral: (node) => literal(node),
  });
  builder.objectType('Money', {
    description: 'An exact amount in a currency. Amounts of different currencies are never added up.',
    fields: (t) => ({
      amount: t.expose('amount', { type: 'Decimal', nullable: false, description: 'The amount, exact.' }),
      currency: t.exposeString('currency', { nullable: false, description: 'ISO 4217 code, such as "EUR".' }),
    }),
  });
}

/** Reads variables and literals alike; an error of a literal says where it stands. */
function read<Value>(parseValue: (value: unknown) => Value) {
  return {
    parseValue,
    parseLiteral(node: ValueNode): Value {
      try {
        return parseValue(valueFromASTUntyped(node));
      } catch (error) {
        throw error instanceof GraphQLError ? new GraphQLError(error.message, { nodes: node }) : error;
      }
    },
  };
}

function checked(value: unknown, pattern: RegExp, wanted: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new GraphQLError(`Wanted ${wanted}.`);
}

function literal(node: ValueNode): JsonValue {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.BOOLEAN:
      return node.value;
    case Kind.LIST:
      return node.values.map(literal);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((member) => [member.name.value, literal(member.value)]));
    default:
      return null;
  }
}
