import type { Api } from '@plumbline/hub';
import { Ended } from '../failure.ts';
import { openInstallation } from '../setup/installation.ts';
import { asked, badInput, personNamed } from './asked.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';

export interface EraseFlags extends CommonFlags {
  person?: string;
  reason?: string;
  dryRun?: boolean;
  yes?: boolean;
}

interface Named {
  source?: string | undefined;
  stream?: string | undefined;
  recordId?: string | undefined;
}

interface Count {
  what: string;
  rows: number;
}

interface Erased {
  records: { source: string; stream: string }[];
  counts: Count[];
  leftAlone: Count[];
}

const shown = 'records { source stream } counts { what rows } leftAlone { what rows }';

/** Forgets a record or a person, once somebody who has seen what that does says so; throws Ended when nobody does. */
export async function erase(context: CommandContext, flags: EraseFlags, named: Named): Promise<void> {
  checkFlags(flags, named);
  const { console } = context;
  const installation = await openInstallation(installOptions(context, flags));
  try {
    const { createApi } = await import('@plumbline/hub');
    const api = createApi(installation.hub);
    const target = flags.person === undefined ? named : { person: await personNamed(api, flags.person) };
    const preview = await previewed(api, target);
    if (flags.dryRun) {
      console.emit({ event: 'erasure-preview', ...preview });
      return tell(context, preview, 'would be');
    }
    tell(context, preview, 'will be');
    if (!(await isWanted(context, flags))) throw new Ended(1);
    const done = await erased(api, target, flags.reason ?? '');
    console.emit({ event: 'erased', ...done });
    console.say('It is erased. `erasures` has it on record, without what it was.');
  } finally {
    await installation.close();
  }
}

function checkFlags({ person, reason, dryRun }: EraseFlags, { source, stream, recordId }: Named): void {
  const isRecord = source !== undefined && stream !== undefined && recordId !== undefined;
  if (isRecord === (person !== undefined) || (person !== undefined && source !== undefined))
    throw badInput('An erasure is of one record or of one person.', 'Give source, stream and record id, or --person.');
  if (reason === undefined && !dryRun)
    throw badInput('An erasure has a reason.', 'Give --reason, such as the number of the request, or --dry-run.');
}

async function previewed(api: Api, target: object): Promise<Erased> {
  const { erasurePreview } = await asked<{ erasurePreview: Erased }>(
    api,
    `query ($source: String, $stream: String, $recordId: String, $person: ID) {
      erasurePreview(source: $source, stream: $stream, recordId: $recordId, person: $person) { ${shown} } }`,
    { ...target },
  );
  return erasurePreview;
}

async function erased(api: Api, target: Named | { person: string }, reason: string): Promise<Erased> {
  const [field, parameters, given] =
    'person' in target
      ? ['erasePerson', '$person: ID!', 'person: $person']
      : [
          'eraseRecord',
          '$source: String!, $stream: String!, $recordId: String!',
          'source: $source, stream: $stream, recordId: $recordId',
        ];
  const success = `E${field.slice(1)}Success`;
  const answer = await asked<{ done: { message?: string; remedy?: string; data?: Erased } }>(
    api,
    `mutation (${parameters}, $reason: String!) {
      done: ${field}(${given}, reason: $reason) { ... on Error { message remedy } ... on ${success} { data { ${shown} } } } }`,
    { ...target, reason },
  );
  const { message = '', remedy = '', data } = answer.done;
  if (!data) throw badInput(message, remedy);
  return data;
}

function tell({ console }: CommandContext, { records, counts, leftAlone }: Erased, how: string): void {
  console.say(
    `Of ${records.map(({ source, stream }) => `${source} ${stream}`).join(', ')} ${how} erased or made unknowable:`,
  );
  for (const { what, rows } of counts) console.say(`  ${rows} ${what}`);
  if (leftAlone.length === 0) return;
  console.say('It still stands here, which is yours to decide on (docs/erasure.md):');
  for (const { what, rows } of leftAlone) console.say(`  ${rows} ${what}`);
}

async function isWanted({ console }: CommandContext, { yes }: EraseFlags): Promise<boolean> {
  if (yes) return true;
  if (!console.interactive || !process.stdin.isTTY)
    throw badInput('Nobody is there to say that it is wanted.', 'Give --yes; there is no way back.');
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message: 'There is no way back. Erase it?', initialValue: false })) === true;
}
