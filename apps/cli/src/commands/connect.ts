import { HubError, type Connector, type Setup, type SetupAnswers } from '@plumbline/connector';
import type { PlumblineConfig } from '@plumbline/hub';
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { openAccount, previewOf, problemOf, type Account, type Preview } from '../connect/account.ts';
import { askAll, type Asker } from '../connect/asker.ts';
import { connectorOf } from '../connect/connector-of.ts';
import { readAnswers, scriptedAsker } from '../connect/scripted.ts';
import { tablesOf } from '../connect/table.ts';
import { trialKeepers, type TrialKeepers } from '../connect/trial-keepers.ts';
import { Ended } from '../failure.ts';
import { addSource, type ConfigEdit } from '../setup/config-edit.ts';
import { loadConfig } from '../setup/config-file.ts';
import { hasSandbox } from '../setup/sandbox-file.ts';
import { writableSecretsOf } from '../setup/secrets.ts';
import { checkSourceFile, sourceFileOf, writeSourceFile } from '../setup/source-file.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';

export interface ConnectFlags extends CommonFlags {
  id?: string;
  answers?: string;
  answer?: string[];
  replace?: boolean;
}

/** Something is left to be done by hand. */
const LEFT_TO_DO = 2;

/** What is being set up. */
interface Installation {
  connector: Connector;
  setup: Setup;
  id: string;
  realm: string | null;
  configPath: string;
  keepers: TrialKeepers;
}

/** Asks what a connector needs to know, tries it, shows what it makes of it, and writes it down. */
export async function connect(context: CommandContext, flags: ConnectFlags, name: string): Promise<void> {
  const installation = await prepare(context, flags, name);
  try {
    await setUp(context, flags, installation);
  } catch (error) {
    throw (await installation.keepers.hasSpent()) ? withSpent(error) : error;
  }
}

async function setUp(context: CommandContext, flags: ConnectFlags, installation: Installation): Promise<void> {
  const asker = await askerOf(context, flags);
  const { account, answers } = await reachAccount(context, installation, asker);
  const { mapped, config } = await mapAccount(context, { installation, asker, account, answers });
  asker.conclude();
  const preview = await previewOf(mapped, installation.setup.preview(mapped.source.connector.config));
  showPreview(context, preview);
  if (!(await asker.confirm('Write this configuration?'))) throw new Ended(1);
  await write(context, flags, { installation, config, account: mapped });
}

async function prepare(context: CommandContext, flags: ConnectFlags, name: string): Promise<Installation> {
  const configPath = resolve(context.folder, flags.config ?? 'plumbline.config.ts');
  const found = await connectorOf(name, dirname(configPath));
  const { connector } = found;
  if (!connector.setup) {
    throw badInput(
      `The connector ${connector.name} does not say how it is set up`,
      'Configure it by hand; plumbline.config.example.ts shows how a source is written.',
    );
  }
  const setup = { ...connector.setup, imports: { ...connector.setup.imports, package: found.package } };
  const id = flags.id ?? connector.name;
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id))
    throw badInput(`The source id "${id}" is not valid`, 'Use lower-case letters, digits and dashes.');
  if (hasSandbox(resolve(context.folder, flags.data))) {
    throw badInput(
      `The data folder ${flags.data} holds the sandbox company, which must not mix with real sources`,
      `Remove ${flags.data}, or choose another folder with --data.`,
    );
  }
  const sourceFile = sourceFileOf(configPath, id);
  checkSourceFile(sourceFile, { replace: flags.replace ?? false });
  const configured = existsSync(configPath) ? (await loadConfig(configPath)).sources : [];
  if (!existsSync(sourceFile) && configured.some((source) => source.id === id))
    throw badInput(`${configPath} has a source "${id}" already`, 'Choose another name with --id.');
  const realm = realmOf(configured, { connector, id });
  return { connector, setup, id, realm, configPath, keepers: trialKeepers() };
}

/** A second account of a vendor needs a realm, and the id of its source is as good as any. */
function realmOf(configured: PlumblineConfig['sources'], of: { connector: Connector; id: string }): string | null {
  const same = configured.find((source) => source.id === of.id);
  if (same) return same.realm ?? null;
  return configured.some((source) => source.connector.name === of.connector.name) ? of.id : null;
}

async function askerOf(context: CommandContext, flags: ConnectFlags): Promise<Asker> {
  const pairs = flags.answer ?? [];
  const isScripted = flags.answers !== undefined || pairs.length > 0;
  if (!isScripted && context.console.interactive && process.stdin.isTTY) {
    const { personAsker } = await import('../connect/person.ts');
    return personAsker(context.folder);
  }
  if (!isScripted) {
    throw badInput(
      'This command asks questions, and there is no terminal to ask them at',
      'Give the answers by --answers FILE (- is standard input) and --answer name=value; docs/connect.md lists them.',
    );
  }
  const { folder } = context;
  const given = await readAnswers({ ...(flags.answers === undefined ? {} : { file: flags.answers }), pairs, folder });
  return scriptedAsker(given, folder);
}

/** Asks where the account is and what opens it, until it answers. */
async function reachAccount(
  context: CommandContext,
  { connector, setup, id, keepers }: Installation,
  asker: Asker,
): Promise<{ account: Account; answers: SetupAnswers }> {
  for (let before: SetupAnswers = {}; ;) {
    const answers = await askAll(asker, () => setup.account, before);
    try {
      const { config, secrets } = setup.open(answers);
      const keeperOf = keepers.of(secrets);
      const account = await openAccount({ id, connector, config, secrets, keeperOf }, vendorOf(context));
      const problem = await problemOf(account);
      if (problem) throw problem;
      context.console.say(`✓ ${connector.title} answers.`);
      return { account, answers };
    } catch (error) {
      if (!(error instanceof HubError) || context.interruption.signal.aborted || !asker.retries(error)) throw error;
      before = answers;
    }
  }
}

/** Asks how the account is to be read, until what follows fits it. */
async function mapAccount(
  context: CommandContext,
  input: { installation: Installation; asker: Asker; account: Account; answers: SetupAnswers },
): Promise<{ mapped: Account; config: object }> {
  const { installation, asker, account, answers } = input;
  const { id, connector, setup, keepers } = installation;
  const mapping = await setup.explore(account.context, answers);
  const { secrets } = setup.open(answers);
  for (let before: SetupAnswers = {}; ;) {
    const chosen = await askAll(asker, (soFar) => mapping.questions(soFar), before);
    try {
      const config = mapping.configure(chosen);
      const keeperOf = keepers.of(secrets);
      const mapped = await openAccount({ id, connector, config, secrets, keeperOf }, vendorOf(context));
      const problem = await problemOf(mapped);
      if (problem) throw problem;
      return { mapped, config };
    } catch (error) {
      if (!(error instanceof HubError) || context.interruption.signal.aborted || !asker.retries(error)) throw error;
      before = chosen;
    }
  }
}

/** What came in its place is not written down, since nothing is before the end. */
function withSpent(error: unknown): unknown {
  if (!(error instanceof HubError)) return error;
  const { code, message, remedy } = error;
  const next = 'The refresh token was good for one use, and this try has used it: give a new one with the next try.';
  return new HubError({ code, message, remedy: `${remedy} ${next}`.trim() }, { cause: error });
}

function showPreview({ console }: CommandContext, { records, problems }: Preview): void {
  console.emit({ event: 'preview', records, problems });
  for (const line of tablesOf(records)) console.say(line);
  console.say(records.length === 0 ? 'Nothing is there to be read yet.' : '');
  if (problems.length === 0) return;
  console.warn(`${problems.length} of the first records cannot be read and would be quarantined. ${problems[0]}`);
}

async function write(
  context: CommandContext,
  flags: ConnectFlags,
  input: { installation: Installation; config: object; account: Account },
): Promise<void> {
  const { installation, config, account } = input;
  const { id, setup, realm, configPath, keepers } = installation;
  const secrets = keepers.latest(textsOf(account.source.connector.secrets));
  const named = Object.fromEntries(Object.entries(secrets).map(([name, text]) => [`${id}.${name}`, text]));
  if (Object.keys(named).length > 0) (await writableSecretsOf(installOptions(context, flags))).set(named);
  const sourceFile = sourceFileOf(configPath, id);
  writeSourceFile(sourceFile, { id, imports: setup.imports, config, secrets: Object.keys(secrets), realm });
  const edit = await addSource(configPath, id);
  tell(context, { id, configPath, sourceFile, secrets: Object.keys(named), edit });
  if (edit.outcome === 'BY_HAND') throw new Ended(LEFT_TO_DO);
}

function tell(
  { console, folder }: CommandContext,
  done: { id: string; configPath: string; sourceFile: string; secrets: readonly string[]; edit: ConfigEdit },
): void {
  const { id, edit, secrets } = done;
  const [config, source] = [relative(folder, done.configPath), relative(folder, done.sourceFile)];
  const add = edit.outcome === 'BY_HAND' ? edit.add : [];
  console.emit({
    event: 'connected',
    source: id,
    files: { config, source },
    configuration: edit.outcome,
    add,
    secrets,
  });
  const stored = secrets.length === 0 ? '' : `; its secrets (${secrets.join(', ')}) are stored encrypted`;
  console.say(`${source} holds the configuration${stored}.`);
  if (edit.outcome === 'BY_HAND') {
    console.warn(`${config} was left as it is, since it could not be edited safely. Add to it:`);
    for (const line of add) console.warn(`  ${line}`);
    return;
  }
  console.say(`${config} uses it. Next: \`plumbline sync ${id}\`, or \`plumbline start\`.`);
}

function vendorOf({ logger, interruption }: CommandContext) {
  return { logger, signal: interruption.signal };
}

/** The secrets by name; a connector's secrets are texts. */
function textsOf(secrets: unknown): Record<string, string> {
  const entries = Object.entries(secrets as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function badInput(message: string, remedy: string): HubError {
  return new HubError({ code: 'BAD_INPUT', message: `${message}.`, remedy });
}
