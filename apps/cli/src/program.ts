import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext, CommonFlags } from './commands/command.ts';
import type { ConnectFlags } from './commands/connect.ts';
import type { EraseFlags } from './commands/erase.ts';
import type { DoctorFlags } from './commands/doctor.ts';
import type { ReportFlags } from './commands/report.ts';
import type { SnapshotsFlags } from './commands/snapshots.ts';
import type { WrittenFlags } from './commands/written.ts';
import { sandboxSizes } from './setup/sandbox-file.ts';

/** Where `start` listens when it is told nothing else. */
const HUB = 'http://127.0.0.1:4000';

/** Runs a command. One that runs for long logs as it goes; one that ends reports at its end. */
export type Run = (
  command: { flags: CommonFlags; runsOn?: boolean },
  act: (context: CommandContext) => Promise<void>,
) => Promise<void>;

/** Every command with its options. Each loads what it needs when it is called: `--help` loads nothing. */
export function createProgram(run: Run): Command {
  const program = new Command('plumbline')
    .description('A self-hosted GraphQL hub over HubSpot, Jira and Google Sheets.')
    .showHelpAfterError('Run with --help to see every command and option.')
    .configureHelp({ showGlobalOptions: true });

  common(program.command('start'))
    .description(
      'serves the API, reads every source and goes on polling; without plumbline.config.ts: the sandbox company',
    )
    .option('--port <number>', 'where the API listens; PORT or 4000 when absent, 0 takes a free one', portNumber)
    .option('--host <address>', 'the address to listen on; HOST or 127.0.0.1 when absent')
    .option('--allow-host <name...>', 'names the server is called by, beside loopback ones')
    .action((flags: CommonFlags) =>
      run({ flags, runsOn: true }, async (context) => (await import('./commands/start.ts')).start(context, flags)),
    );

  common(program.command('sync'))
    .description('polls now and ends')
    .argument('[source]', 'only this source')
    .argument('[stream]', 'only this stream of it')
    .option('--census', 'also looks for what is gone without a trace')
    .option('--again', 'reads everything from the beginning, for what a vendor changes without telling that it did')
    .option('--believe', 'takes a census at its word, even when it misses much of a stream')
    .action((source: string | undefined, stream: string | undefined, flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/sync.ts')).sync(context, flags, { source, stream })),
    );

  common(program.command('remap'))
    .description('applies the present mapping to what is stored, without asking any vendor')
    .argument('[source]', 'only this source')
    .argument('[stream]', 'only this stream of it')
    .action((source: string | undefined, stream: string | undefined, flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/sync.ts')).remap(context, flags, { source, stream })),
    );

  common(program.command('connect'))
    .description('asks what a connector needs, tries it, and writes the configuration')
    .argument('<connector>', 'hubspot, jira, google-sheets, files, or the package of another one that is installed')
    .option('--id <source>', 'what the source is called; the connector’s name when absent')
    .option('--answers <file>', 'reads the answers from a JSON file instead of asking; - is standard input')
    .option('--answer <name=value...>', 'further answers; they win over the file')
    .option('--replace', 'writes a source file anew that this command wrote')
    .action((connector: string, flags: ConnectFlags) =>
      run({ flags }, async (context) => (await import('./commands/connect.ts')).connect(context, flags, connector)),
    );

  const secrets = program.command('secrets').description('secrets that are stored encrypted in the data folder');
  common(secrets.command('list'))
    .description('names them; what they are is never shown')
    .action((flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/secrets.ts')).listSecrets(context, flags)),
    );
  common(secrets.command('set'))
    .description('stores one, typed or from standard input')
    .argument('<name>', 'the source, a dot, and the name of the secret, such as jira.apiToken')
    .action((name: string, flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/secrets.ts')).setSecret(context, flags, name)),
    );
  common(secrets.command('remove'))
    .description('forgets one')
    .argument('<name>', 'its name')
    .action((name: string, flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/secrets.ts')).removeSecret(context, flags, name)),
    );

  common(program.command('migrate'))
    .description('brings the database up to date')
    .action((flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/migrate.ts')).migrate(context, flags)),
    );

  asking(common(program.command('query')))
    .description('asks the graph and prints the answer as JSON')
    .argument('[document]', 'a GraphQL query; from --file or standard input when absent')
    .option('--file <path>', 'reads the query from a file')
    .option('--variables <json>', 'its variables, as a JSON object')
    .action((document: string | undefined, flags: CommonFlags) =>
      run({ flags }, async (context) => (await import('./commands/query.ts')).query(context, flags, document)),
    );

  asking(written(scoped(common(program.command('report')))))
    .description('writes a review of a person, a team, a client or the portfolio')
    .addOption(lens().default('both'))
    .requiredOption('--currency <code>', 'of all amounts, such as EUR')
    .option('--since <instant>', 'movements behind this instant; behind the last snapshot when absent, or of 7 days')
    .option('--as-of <instant>', 'as of this past instant')
    .option('--snapshot', 'also keeps it as a snapshot, for `compare`')
    .action((flags: ReportFlags) =>
      run({ flags }, async (context) => (await import('./commands/report.ts')).report(context, flags)),
    );

  asking(scoped(common(program.command('snapshots'))))
    .description('lists the snapshots of a person, a team, a client or the portfolio, the latest first')
    .addOption(lens())
    .action((flags: SnapshotsFlags) =>
      run({ flags }, async (context) => (await import('./commands/snapshots.ts')).snapshots(context, flags)),
    );

  asking(written(common(program.command('compare'))))
    .description('writes what moved from a snapshot to another one, or until now')
    .argument('<before>', 'the id of a snapshot, as `snapshots` lists it')
    .argument('[after]', 'that of a later one of the same scope, lens and currency; now when absent')
    .action((before: string, after: string | undefined, flags: WrittenFlags) =>
      run({ flags }, async (context) =>
        (await import('./commands/compare.ts')).compare(context, flags, { before, after }),
      ),
    );

  common(program.command('erase'))
    .description('forgets a record or a person: payloads, what was made of them, their history')
    .argument('[source]', 'the source of a record')
    .argument('[stream]', 'its stream')
    .argument('[recordId]', 'its id in the source, as provenance and quarantine show it')
    .option('--person <who>', 'every record of a person, by name, e-mail address or id')
    .option('--reason <text>', 'why; it is kept, so it had better name nobody')
    .option('--dry-run', 'only says what would go')
    .option('--yes', 'does not ask')
    .action((source: string | undefined, stream: string | undefined, recordId: string | undefined, flags: EraseFlags) =>
      run({ flags }, async (context) =>
        (await import('./commands/erase.ts')).erase(context, flags, { source, stream, recordId }),
      ),
    );

  common(program.command('doctor'))
    .description('looks at credentials, scopes, mappings and the database, and says what to do')
    .argument('[source]', 'only this source')
    .option('--accept', 'takes types and options that are new as what the mapping is meant for')
    .action((source: string | undefined, flags: DoctorFlags) =>
      run({ flags }, async (context) => (await import('./commands/doctor.ts')).doctor(context, flags, source)),
    );
  return program;
}

/** The option of what only asks the graph. */
function asking(command: Command): Command {
  return command.addOption(
    new Option('--hub [url]', `asks the hub that runs there, ${HUB} where no address is given`).preset(HUB),
  );
}

/** Options that say of whom a review is. */
function scoped(command: Command): Command {
  return command
    .option('--person <who>', 'a seller or manager, by name, e-mail address or id')
    .option('--team <name>', 'the people of a team')
    .option('--client <which>', 'a client, by name or id')
    .option('--portfolio', 'everything');
}

function lens(): Option {
  return new Option('--lens <lens>', 'at what it looks').choices(['sales', 'delivery', 'both']);
}

/** Options that say in which form something is written, and where. */
function written(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'Markdown, HTML or JSON').choices(['md', 'html', 'json']).default('md'))
    .option('--out <file>', 'writes it there; to standard output when absent');
}

function common(command: Command): Command {
  return command
    .option('--data <folder>', 'where the embedded database and the sandbox live', '.plumbline')
    .option('--config <file>', 'the configuration; plumbline.config.ts in this folder when absent')
    .addOption(
      new Option('--size <size>', 'of a new sandbox company; large is a hundred times small').choices(sandboxSizes),
    )
    .option('--seed <text>', 'of a new sandbox company; the same seed gives the same company')
    .option('--json', 'prints JSON, one value a line')
    .option('--verbose', 'logs everything, and prints the stack of an error');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
