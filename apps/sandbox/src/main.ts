import { InvalidArgumentError, Option, program } from 'commander';
import { writeFile } from 'node:fs/promises';
import { startSandbox } from './sandbox.ts';

interface Flags {
  seed: string;
  size: 'small' | 'large';
  today: string;
  truth?: string;
  malformed?: true;
  sheetsReads?: number;
  jiraPort?: number;
  hubspotPort?: number;
  googlePort?: number;
}

program
  .name('sandbox')
  .description('A professional-services firm on three vendor emulators, on loopback.')
  .option('--seed <text>', 'the same seed gives the same company', 'acme')
  .addOption(new Option('--size <size>', 'large is a hundred times small').choices(['small', 'large']).default('small'))
  .option(
    '--today <date>',
    'the company’s present day, YYYY-MM-DD',
    calendarDate,
    Temporal.Now.plainDateISO().toString(),
  )
  .option('--truth <file>', 'writes what a hub must find in it')
  .option('--malformed', 'adds records that no mapping can read')
  .option('--sheets-reads <number>', 'reads a minute that Sheets grants (60 as Google does)', wholeNumber)
  .option('--jira-port <number>', 'a free one when absent', wholeNumber)
  .option('--hubspot-port <number>', 'a free one when absent', wholeNumber)
  .option('--google-port <number>', 'a free one when absent', wholeNumber)
  .action(run);
await program.parseAsync();

/** Prints one line of JSON when everything listens, then lives until it is told to end. */
async function run(flags: Flags): Promise<void> {
  const { seed, size, today, malformed, sheetsReads, jiraPort, hubspotPort, googlePort } = flags;
  const sandbox = await startSandbox({
    seed,
    size,
    today,
    malformed: malformed ?? false,
    ports: {
      ...(jiraPort === undefined ? {} : { jira: jiraPort }),
      ...(hubspotPort === undefined ? {} : { hubspot: hubspotPort }),
      ...(googlePort === undefined ? {} : { google: googlePort }),
    },
    ...(sheetsReads === undefined ? {} : { sheetsReadsPerMinute: sheetsReads }),
  });
  if (flags.truth) await writeFile(flags.truth, `${JSON.stringify(sandbox.truth, null, 2)}\n`);
  const ready = {
    ready: true,
    seed,
    size,
    today,
    addresses: { jira: sandbox.jira.url, hubspot: sandbox.hubspot.url, google: sandbox.google.url },
    sources: sandbox.sources.map(({ id, connector, config, secrets }) => ({
      id,
      connector: connector.name,
      config,
      secrets,
    })),
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('wants a whole number.');
  return Number(text);
}

function calendarDate(text: string): string {
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    throw new InvalidArgumentError('wants a calendar date such as 2026-11-20.');
  }
}
