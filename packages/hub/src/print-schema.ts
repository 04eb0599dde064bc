import { lexicographicSortSchema, printSchema } from 'graphql';
import { writeFileSync } from 'node:fs';
import { buildSchema } from './schema.ts';

/** Writes schema.graphql anew. */
writeFileSync(
  new URL('../schema.graphql', import.meta.url),
  `${printSchema(lexicographicSortSchema(buildSchema()))}\n`,
);
