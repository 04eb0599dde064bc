import { lexicographicSortSchema, printSchema } from 'graphql';
import { writeFileSync } from 'node:fs';
import { buildClientSchema } from './client-status/client-status.graphql.ts';
import { buildSchema } from './schema.ts';

/** Writes schema.graphql and client-status.graphql anew. */
for (const [file, schema] of [
  ['../schema.graphql', buildSchema()],
  ['../client-status.graphql', buildClientSchema()],
] as const)
  writeFileSync(new URL(file, import.meta.url), `${printSchema(lexicographicSortSchema(schema))}\n`);
