import { sql } from 'kysely';
import { InputError } from '../kernel/api-error.ts';
import { canonical } from '../kernel/columns.ts';
import type { Rows } from '../kernel/database.ts';
import { isToBePublished, type Publishing } from './publishing.store.ts';
import { settleTerms, termNames, type ProposalTerms } from './proposal-terms.rules.ts';

export interface TemplateRow {
  name: string;
  version: number;
  terms: Partial<ProposalTerms>;
  published_by: string;
  published_at: string;
}

/** The terms of the latest version of a template. */
export async function readTemplate(rows: Rows, name: string): Promise<Partial<ProposalTerms>> {
  const latest = await latestTemplate(rows, name);
  if (!latest) throw new InputError('template', `There is no template "${name}".`, 'List `sowTemplates`.');
  return latest.terms;
}

/** The latest version of each template, by name. */
export async function readTemplates(rows: Rows, limit: number): Promise<TemplateRow[]> {
  const { rows: found } = await sql<TemplateRow>`
    select distinct on (name) * from sow_template order by name, version desc limit ${limit}`.execute(rows);
  return found;
}

export interface TemplateCall extends Publishing {
  name: string;
  terms: Partial<ProposalTerms>;
}

/** Publishes the next version of a template; one that says the same as the last is that one. Throws InputError and ConflictError. */
export async function publishTemplate(rows: Rows, call: TemplateCall): Promise<TemplateRow> {
  const { name, terms, actor, now } = call;
  if (!name.trim() || name.length > 200)
    throw new InputError('name', 'A name has 1 to 200 characters.', 'Give a shorter one.');
  const { terms: settled, origins } = settleTerms([['GIVEN', terms]]);
  const said = Object.fromEntries(termNames.filter((term) => origins[term]).map((term) => [term, settled[term]]));
  const latest = await latestTemplate(rows, name);
  const version = Number(latest?.version ?? 0);
  const isNext = await isToBePublished(rows, { kind: 'sowTemplate', name, version }, call);
  if (latest && (!isNext || canonical(latest.terms) === canonical(said))) return latest;
  const { rows: written } = await sql<TemplateRow>`
    insert into sow_template (name, version, terms, published_by, published_at)
    values (${name}, ${version + 1}, ${JSON.stringify(said)}::jsonb, ${actor}, ${now}::timestamptz) returning *`.execute(
    rows,
  );
  const [row] = written;
  if (!row) throw new Error('the template was not written');
  return row;
}

async function latestTemplate(rows: Rows, name: string): Promise<TemplateRow | null> {
  const { rows: found } = await sql<TemplateRow>`
    select * from sow_template where name = ${name} order by version desc limit 1`.execute(rows);
  return found[0] ?? null;
}
