import { suggestLinks } from '../projects/project-link.rules.ts';
import { findUnlinked, storeSuggestions } from '../projects/project-link.store.ts';
import type { Engine } from './engine.ts';
import { lockIngest } from './ingest.ts';

/** Looks for likely pairs anew, but only after something changed that could make or break one. */
export async function suggestAnew(engine: Engine): Promise<void> {
  if (!engine.likenessStale) return;
  engine.likenessStale = false;
  const { database } = engine;
  const { projects, opportunities } = await findUnlinked(database.rows);
  const suggestions = suggestLinks(projects, opportunities);
  await database.transaction(async (rows) => {
    await lockIngest(rows);
    await storeSuggestions(rows, suggestions);
  });
}
