import type { Api } from '@plumbline/hub';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openInstallation } from '../setup/installation.ts';
import { asked, badInput, named, personNamed } from './asked.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';
import { reviewData } from './review-data.ts';

export interface ReportFlags extends CommonFlags {
  person?: string;
  team?: string;
  client?: string;
  portfolio?: boolean;
  lens: string;
  currency: string;
  since?: string;
  asOf?: string;
  format: 'md' | 'html' | 'json';
  out?: string;
}

type Scope = { person: string } | { team: string } | { client: string } | { portfolio: true };

/** Writes a review down, to standard output or to a file. */
export async function report(context: CommandContext, flags: ReportFlags): Promise<void> {
  const wanted = scopeIn(flags);
  const installation = await openInstallation(installOptions(context, flags));
  try {
    const { createApi } = await import('@plumbline/hub');
    const text = await write(createApi(installation.hub), flags, wanted);
    if (flags.out === undefined) return context.console.print(text.trimEnd());
    const path = resolve(context.folder, flags.out);
    await writeFile(path, text).catch((error: unknown) => {
      throw badInput(`The file ${path} cannot be written.`, 'Check the path given with --out.', error);
    });
    context.console.say(`The review is in ${path}.`);
  } finally {
    await installation.close();
  }
}

async function write(api: Api, flags: ReportFlags, wanted: Scope): Promise<string> {
  const { currency, since = null, asOf = null } = flags;
  const format = flags.json ? 'json' : flags.format;
  const variables = {
    scope: await standing(api, wanted),
    lens: flags.lens.toUpperCase(),
    currency,
    since,
    asOf,
    ...(format === 'json' ? {} : { form: format === 'html' ? 'HTML' : 'MARKDOWN' }),
  };
  const review: { document?: string } = {};
  for (const shown of format === 'json' ? reviewData : ['document(form: $form)']) {
    const { reviewPack } = await asked<{ reviewPack: object }>(
      api,
      `query ($scope: ReviewScopeInput!, $lens: ReviewLens!, $currency: String!, $since: Instant, $asOf: Instant
      ${format === 'json' ? '' : ', $form: DocumentForm!'}) {
      reviewPack(scope: $scope, lens: $lens, currency: $currency, since: $since, asOf: $asOf) { ${shown} } }`,
      variables,
    );
    Object.assign(review, reviewPack);
  }
  if (format !== 'json') return review.document ?? '';
  return `${JSON.stringify(review, null, flags.json ? 0 : 2)}\n`;
}

function scopeIn({ person, team, client, portfolio }: ReportFlags): Scope {
  const given: Scope[] = [
    ...(person === undefined ? [] : [{ person }]),
    ...(team === undefined ? [] : [{ team }]),
    ...(client === undefined ? [] : [{ client }]),
    ...(portfolio ? [{ portfolio: true as const }] : []),
  ];
  const [scope] = given;
  if (scope && given.length === 1) return scope;
  throw badInput('A review is of exactly one scope.', 'Give one of --person, --team, --client and --portfolio.');
}

/** People and clients by their ids, where they were given by name or e-mail. */
async function standing(api: Api, scope: Scope): Promise<Scope> {
  if ('person' in scope) return { person: await personNamed(api, scope.person) };
  if ('client' in scope) {
    const found = await named(
      api,
      'query ($name: String!) { found: clients(first: 2, filter: { name: { eq: $name } }) { nodes { id } } }',
      scope.client,
    );
    return { client: found };
  }
  return scope;
}
