import { Initial } from './0001-initial.ts';
import { Compression } from './0002-compression.ts';

/** In the order they run; a migration that has shipped is never changed. */
export const migrations = [
  { name: '0001-initial', class: Initial },
  { name: '0002-compression', class: Compression },
];
