import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { ObjectRef } from '@pothos/core';
import type { Builder, SchemaTypes } from './builder.ts';
import { sameValue, instantText, type Row } from './columns.ts';
import type { Context } from './context.ts';
import type { Kind } from './kind.ts';
import { unnest } from './unnest.ts';
import { winner, type FacetView } from './merge.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

interface Claim extends FacetView {
  externalId: string;
  stream: string;
  seenAt: string;
}

interface FieldProvenance {
  field: string;
  value: JsonValue;
  conflict: boolean;
  reason: string;
  winner: Claim;
  claims: { claim: Claim; value: JsonValue }[];
}

export type ProvenanceRef = ObjectRef<Types, FieldProvenance>;

/** The type that says where a field's value comes from. */
export function addProvenance(builder: Builder): ProvenanceRef {
  const claim = builder.objectRef<FieldProvenance['claims'][number]>('Claim').implement({
    description: 'What one source says of a field.',
    fields: (t) => ({
      source: t.string({
        nullable: false,
        description: 'The source, by the name it was installed under.',
        resolve: ({ claim: of }) => of.sourceId,
      }),
      stream: t.string({
        nullable: false,
        description: 'The stream it came through.',
        resolve: ({ claim: of }) => of.stream,
      }),
      recordId: t.string({
        nullable: false,
        description: 'The record’s id in the source.',
        resolve: ({ claim: of }) => of.externalId,
      }),
      value: t.field({ type: 'JSON', description: 'Its value; references as keys.', resolve: ({ value }) => value }),
      changedAt: t.field({
        type: 'Instant',
        description: 'When the source says it last changed; null where it does not say.',
        resolve: ({ claim: of }) => (of.changedAt === null ? null : instantText(of.changedAt)),
      }),
      seenAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When the hub saw it.',
        resolve: ({ claim: of }) => instantText(of.seenAt),
      }),
    }),
  });
  return builder.objectRef<FieldProvenance>('FieldProvenance').implement({
    description: 'Where the value of a field comes from: what every source says, who won, and why.',
    fields: (t) => ({
      field: t.exposeString('field', {
        nullable: false,
        description: 'The field; `customFields.NAME` for one of the site’s own.',
      }),
      value: t.expose('value', { type: 'JSON', description: 'The value that counts; references as keys.' }),
      source: t.string({
        nullable: false,
        description: 'The source whose value counts.',
        resolve: (of) => of.winner.sourceId,
      }),
      reason: t.exposeString('reason', { nullable: false, description: 'Why that source counts, in one sentence.' }),
      conflict: t.exposeBoolean('conflict', {
        nullable: false,
        description: 'Whether sources that know the field disagree about it.',
      }),
      claims: t.field({
        type: [claim],
        nullable: false,
        description: 'What every source says, the one that counts first.',
        resolve: (of) => of.claims,
      }),
    }),
  });
}

/** `provenance` on a kind. */
export function addProvenanceOf(
  builder: Builder,
  input: { kind: Kind; ref: ObjectRef<Types, Row>; provenance: ProvenanceRef },
): void {
  builder.objectField(input.ref, 'provenance', (t) =>
    t.field({
      type: [input.provenance],
      nullable: false,
      description: 'For every field that has a value: what each source says of it, who won, and why.',
      args: {
        fields: t.arg.stringList({ description: 'Only these fields.' }),
        conflictsOnly: t.arg.boolean({ description: 'Only fields on which sources disagree.' }),
      },
      complexity: { field: 5, multiplier: 5 },
      async resolve(row, args, context: Context) {
        const claims = await context.load.batch<Claim[]>('claims', String(row['id']), (ids) =>
          readClaims(context, ids),
        );
        const all = explainFields(input.kind, claims, context);
        return all.filter(
          (each) => (!args.fields || args.fields.includes(each.field)) && (!args.conflictsOnly || each.conflict),
        );
      },
    }),
  );
}

async function readClaims(context: Context, ids: readonly string[]): Promise<Claim[][]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows } = await sql<Claim & { entity_id: string }>`
    select facet.entity_id, facet.id, facet.source_id as "sourceId", facet.fields, facet.custom_fields as "customFields",
      facet.changed_at as "changedAt", facet.seen_at as "seenAt", record.external_id as "externalId", record.stream
    from ${asked} join facet on facet.entity_id = asked.id and facet.deleted_at is null join record on record.id = facet.record_id
    order by facet.id`.execute(context.rows);
  const byEntity = Map.groupBy(rows, (row) => row.entity_id);
  return ids.map((id) => byEntity.get(id) ?? []);
}

function explainFields(kind: Kind, claims: readonly Claim[], context: Context): FieldProvenance[] {
  const own = Object.keys(kind.fields).flatMap((field) => explainField({ kind, field, name: field, claims, context }));
  const names = new Set(claims.flatMap((claim) => Object.keys(claim.customFields)));
  const custom = [...names].flatMap((name) =>
    explainField({
      kind,
      field: name,
      name: `customFields.${name}`,
      claims: claims.map((claim) => ({ ...claim, fields: claim.customFields })),
      context,
    }),
  );
  return [...own, ...custom];
}

function explainField(input: {
  kind: Kind;
  field: string;
  name: string;
  claims: readonly Claim[];
  context: Context;
}): FieldProvenance[] {
  const { kind, field, claims, context } = input;
  const best = winner(kind, field, claims, context.rank) as Claim | null;
  if (!best) return [];
  const valueOf = (claim: Claim): JsonValue => claim.fields[field] ?? null;
  const holders = claims.filter((claim) => valueOf(claim) !== null);
  const rank = (claim: Claim): number => context.rank(kind, field, claim.sourceId);
  const ordered = [best, ...holders.filter((claim) => claim !== best).toSorted((a, b) => rank(a) - rank(b))];
  const definition = kind.fields[field] ?? null;
  return [
    {
      field: input.name,
      value: valueOf(best),
      winner: best,
      conflict:
        definition?.type !== 'refs' &&
        holders.some((claim) => !sameClaim({ definition, a: valueOf(claim), b: valueOf(best) })),
      reason: reasonOf({ best, holders, rank, claims }),
      claims: ordered.map((claim) => ({ claim, value: valueOf(claim) })),
    },
  ];
}

/** References that differ as keys may still mean one entity, so only plain values are called a conflict. */
function sameClaim(input: { definition: Kind['fields'][string] | null; a: JsonValue; b: JsonValue }): boolean {
  if (input.definition?.type === 'ref') return true;
  return sameValue(input.definition, input.a, input.b);
}

function reasonOf(input: {
  best: Claim;
  holders: readonly Claim[];
  rank(claim: Claim): number;
  claims: readonly Claim[];
}): string {
  const { best, holders, rank } = input;
  const others = holders.filter((claim) => claim !== best);
  if (others.length === 0) {
    const better = input.claims.filter((claim) => rank(claim) < rank(best));
    if (better.length === 0) return `Only ${best.sourceId} knows it.`;
    return `${[...new Set(better.map((claim) => claim.sourceId))].join(' and ')} would count first, but has no value; ${best.sourceId} has one.`;
  }
  if (others.every((claim) => rank(claim) > rank(best))) {
    return `${best.sourceId} is the master of this field, before ${[...new Set(others.map((claim) => claim.sourceId))].join(', ')}.`;
  }
  return `Several records of ${best.sourceId} know it; this one changed last.`;
}
