import type { Field } from '@plumbline/connector';
import type { InputRef } from '@pothos/core';
import type { Builder } from './builder.ts';
import type { FilterInput } from './filter.ts';
import type { Listable } from './listable.ts';
import { pascalCase, snakeCase } from './names.ts';

/** The enum of a `choice` field, made once for each list of options. */
type EnumOf = (of: Listable, name: string, field: Field) => ReturnType<typeof makeEnum>;

export interface Inputs {
  enumOf: EnumOf;
  filterOf(of: Listable): InputRef<FilterInput>;
  orderOf(of: Listable): InputRef<{ field: string; direction: 'ASC' | 'DESC' }>;
}

function makeEnum(builder: Builder, name: string, field: Field) {
  return builder.enumType(name, {
    description: field.description,
    values: (field.options ?? []) as readonly [string, ...string[]],
  });
}

/** Filter and order inputs, derived from the fields of whatever is listed. */
export function addInputs(builder: Builder): Inputs {
  const direction = builder.enumType('Direction', {
    description: 'Which end comes first. Empty values come last either way.',
    values: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
  });
  const enums = new Map<string, ReturnType<typeof makeEnum>>();
  const enumOf: EnumOf = (of, name, field) => {
    const typeName = `${of.typeName}${pascalCase(name)}`;
    const known = enums.get(typeName) ?? makeEnum(builder, typeName, field);
    enums.set(typeName, known);
    return known;
  };
  const conditions = addConditions(builder);
  const choiceConditions = new Map<string, InputRef<FilterInput>>();

  function choiceCondition(of: Listable, name: string, field: Field): InputRef<FilterInput> {
    const values = enumOf(of, name, field);
    const typeName = `${of.typeName}${pascalCase(name)}Condition`;
    const known =
      choiceConditions.get(typeName) ??
      builder.inputRef<FilterInput>(typeName).implement({
        description: 'Conditions on a choice; all that are given must hold.',
        fields: (t) => ({
          eq: t.field({ type: values, description: 'Is this one.' }),
          in: t.field({ type: [values], description: 'Is one of these.' }),
          isNull: t.boolean({ description: 'True: is empty. False: is not.' }),
        }),
      });
    choiceConditions.set(typeName, known);
    return known;
  }

  return {
    enumOf,
    filterOf(of) {
      const filter = builder.inputRef<FilterInput>(`${of.typeName}Filter`);
      filter.implement({
        description: 'Conditions; all that are given must hold. At most 50 in all.',
        fields: (t) => ({
          and: t.field({ type: [filter], description: 'All of these hold.' }),
          or: t.field({ type: [filter], description: 'At least one of these holds.' }),
          not: t.field({ type: filter, description: 'This does not hold.' }),
          ...Object.fromEntries(
            Object.entries(of.fields)
              .filter(([, field]) => field.type !== 'refs')
              .map(([name, field]) => [
                name,
                t.field({
                  type: field.type === 'choice' ? choiceCondition(of, name, field) : conditions(field),
                  description: field.description,
                }),
              ]),
          ),
        }),
      });
      return filter;
    },
    orderOf(of) {
      const sortable = Object.entries(of.fields).filter(([, field]) => !['texts', 'ref', 'refs'].includes(field.type));
      const fields = builder.enumType(`${of.typeName}OrderField`, {
        description: 'What a list can be ordered by. Money is ordered by its amount, whatever the currency.',
        values: Object.fromEntries(
          sortable.map(([name, field]) => [
            snakeCase(name).toUpperCase(),
            { value: name, description: field.description },
          ]),
        ),
      });
      return builder.inputRef<{ field: string; direction: 'ASC' | 'DESC' }>(`${of.typeName}Order`).implement({
        description: 'What comes first. Rows that are equal in it are ordered by id.',
        fields: (t) => ({
          field: t.field({ type: fields, required: true, description: 'What to order by.' }),
          direction: t.field({
            type: direction,
            required: true,
            defaultValue: 'ASC',
            description: 'Which end comes first.',
          }),
        }),
      });
    },
  };
}

/** The input of conditions for each type of field but choices. */
function addConditions(builder: Builder): (field: Field) => InputRef<FilterInput> {
  const isNull = { description: 'True: is empty. False: is not.' };
  const text = builder.inputRef<FilterInput>('TextCondition').implement({
    description:
      'Conditions on a text; all that are given must hold. Capitals do not matter to `contains` and `startsWith`.',
    fields: (t) => ({
      eq: t.string({ description: 'Is exactly this.' }),
      in: t.stringList({ description: 'Is exactly one of these.' }),
      contains: t.string({ description: 'Has this in it.' }),
      startsWith: t.string({ description: 'Begins with this.' }),
      isNull: t.boolean(isNull),
    }),
  });
  const list = builder.inputRef<FilterInput>('TextListCondition').implement({
    description: 'Conditions on a list of texts.',
    fields: (t) => ({
      has: t.string({ description: 'Has exactly this among its members.' }),
      isNull: t.boolean(isNull),
    }),
  });
  const reference = builder.inputRef<FilterInput>('ReferenceCondition').implement({
    description: 'Conditions on a reference.',
    fields: (t) => ({
      eq: t.id({ description: 'Is this one.' }),
      in: t.idList({ description: 'Is one of these.' }),
      isNull: t.boolean(isNull),
    }),
  });
  const flag = builder.inputRef<FilterInput>('FlagCondition').implement({
    description: 'Conditions on a yes or no.',
    fields: (t) => ({ eq: t.boolean({ description: 'Is this.' }), isNull: t.boolean(isNull) }),
  });
  const range = (type: 'Decimal' | 'Duration' | 'Instant' | 'LocalDate' | 'Int') =>
    builder.inputRef<FilterInput>(`${type}Condition`).implement({
      description: 'Bounds; all that are given must hold.',
      fields: (t) => ({
        eq: t.field({ type, description: 'Equal.' }),
        gt: t.field({ type, description: 'Greater, or later.' }),
        gte: t.field({ type, description: 'Greater, or later, or equal.' }),
        lt: t.field({ type, description: 'Less, or earlier.' }),
        lte: t.field({ type, description: 'Less, or earlier, or equal.' }),
        isNull: t.boolean(isNull),
      }),
    });
  const ranges = {
    decimal: range('Decimal'),
    seconds: range('Duration'),
    instant: range('Instant'),
    localDate: range('LocalDate'),
    integer: range('Int'),
  };
  const money = builder.inputRef<FilterInput>('MoneyCondition').implement({
    description:
      'Bounds on an amount. Amounts compare only within a currency, so `currency` is required beside a bound.',
    fields: (t) => ({
      currency: t.string({ description: 'ISO 4217 code.' }),
      eq: t.field({ type: 'Decimal', description: 'Equal.' }),
      gt: t.field({ type: 'Decimal', description: 'Greater.' }),
      gte: t.field({ type: 'Decimal', description: 'Greater or equal.' }),
      lt: t.field({ type: 'Decimal', description: 'Less.' }),
      lte: t.field({ type: 'Decimal', description: 'Less or equal.' }),
      isNull: t.boolean(isNull),
    }),
  });
  return (field) => {
    switch (field.type) {
      case 'texts':
        return list;
      case 'ref':
        return reference;
      case 'flag':
        return flag;
      case 'money':
        return money;
      case 'decimal':
      case 'seconds':
      case 'instant':
      case 'localDate':
      case 'integer':
        return ranges[field.type];
      default:
        return text;
    }
  };
}
