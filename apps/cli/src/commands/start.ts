import type { Api, Hub } from '@plumbline/hub';
import type { Told } from '@plumbline/sandbox';
import { createPlainView, createView, type ProgressView } from '../progress/index.ts';
import { openInstallation, type Installation } from '../setup/installation.ts';
import { printSummary } from '../summary/print.ts';
import { readSummary } from '../summary/read.ts';
import { checkSources } from './checks.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';
import { firstQuery, reviewQuery } from './first-query.ts';
import { appliedMigrations } from './migrate.ts';
import { tellSandbox } from './story.ts';
import { planOf } from './sync.ts';

export interface StartFlags extends CommonFlags {
  port?: number;
  host?: string;
  allowHost?: string[];
}

/** Runs the hub until it is interrupted: API, first sync, then polls on schedule. */
export async function start(context: CommandContext, flags: StartFlags): Promise<void> {
  const [installation, { startServer }, { createApi, createClientApi }] = await Promise.all([
    openInstallation(installOptions(context, flags)),
    import('@plumbline/server'),
    import('@plumbline/hub'),
  ]);
  const { hub } = installation;
  const closers: (() => Promise<void>)[] = [() => installation.close()];
  try {
    const api = createApi(hub, { graphiqlQuery: `${firstQuery}\n${reviewQuery}`, logger: context.logger });
    const server = await startServer({
      api,
      webhooks: hub.webhooks,
      ...(hub.clientStatus ? { clientStatus: createClientApi(hub, hub.clientStatus) } : {}),
      port: flags.port ?? context.environment.PORT ?? 4000,
      host: flags.host ?? context.environment.HOST ?? '127.0.0.1',
      apiKeys: context.environment.PLUMBLINE_API_KEY,
      allowedHosts: [...context.environment.PLUMBLINE_ALLOWED_HOSTS, ...(flags.allowHost ?? [])],
      ready: async () => void (await appliedMigrations(hub.database)),
      logger: context.logger,
    });
    closers.unshift(() => server.close());
    if (installation.sandbox) beTold(installation, `http://127.0.0.1:${server.port}`);
    announce(context, installation, server.url);
    await untilInterrupted(context, async () => {
      await firstSync(context, installation, (view) => closers.push(() => view.close()));
      if (context.interruption.signal.aborted) return;
      const told = await tellSandbox(context, installation, api);
      await summarise(context, { api, installation, url: server.url, told });
      await goOn(context, hub);
    });
  } finally {
    for (const close of closers) await close();
  }
  context.console.emit({ event: 'stopped' });
  context.console.say('Stopped. The next start goes on from here.');
}

/** The sandbox's vendors know at which port the hub listens only now. */
function beTold({ hub, sandbox }: Installation, address: string): void {
  hub.webhooks.callAt(address);
  sandbox?.vendors.tell(address);
}

/** Does the work, and comes back as soon as the command is interrupted; what the work throws because of that is no error. */
async function untilInterrupted(context: CommandContext, work: () => Promise<void>): Promise<void> {
  const { signal, requested } = context.interruption;
  const working = work().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  await Promise.race([requested, working]);
}

function announce(context: CommandContext, { sandbox }: Installation, url: string): void {
  const { console } = context;
  const vendors = sandbox && {
    seed: sandbox.company.seed,
    size: sandbox.company.size,
    today: sandbox.company.today,
    addresses: {
      jira: sandbox.vendors.jira.url,
      hubspot: sandbox.vendors.hubspot.url,
      google: sandbox.vendors.google.url,
    },
  };
  console.emit({ event: 'listening', url: `${url}/graphql`, sandbox: vendors });
  console.say(`GraphQL API: ${url}/graphql`);
  if (!vendors) return;
  const { seed, size, today } = vendors;
  console.say(
    `No plumbline.config.ts here, so this is the sandbox company "${seed}" (${size}, as of ${today}) on three emulators:`,
  );
  for (const [vendor, address] of Object.entries(vendors.addresses)) console.say(`  ${vendor.padEnd(8)}${address}`);
  console.say('');
}

/** Asks the queue for every source that can be read, and comes back when each has been polled. */
async function firstSync(
  context: CommandContext,
  { hub, sandbox }: Installation,
  onView: (view: ProgressView) => void,
): Promise<void> {
  const { console } = context;
  const readable = sandbox ? hub.sources.map(({ id }) => id) : (await checkSources(hub, console)).readable;
  const view = await createView(console, planOf(hub, readable, undefined, 'POLL'));
  // When it is interrupted, the view is left only after the hub has said how its runs ended.
  onView(view);
  const stopWatching = hub.watch((progress) => view.show(progress));
  const waiting = new Map(readable.map((id) => [id, Promise.withResolvers<void>()]));
  const jobs = await hub.startJobs();
  const stopListening = jobs.onPolled((sourceId) => {
    if (!context.interruption.signal.aborted) view.finish(sourceId);
    waiting.get(sourceId)?.resolve();
  });
  for (const id of readable) await jobs.request(id);
  await Promise.all([...waiting.values()].map(({ promise }) => promise));
  stopWatching();
  stopListening();
  await view.close();
}

async function summarise(
  context: CommandContext,
  input: { api: Pick<Api, 'query'>; installation: Installation; url: string; told: Told | null },
): Promise<void> {
  const { console } = context;
  const { api, installation, url, told } = input;
  const today = installation.sandbox?.company.today ?? Temporal.Now.plainDateISO().toString();
  const summary = await readSummary(context, api, today);
  const client = told && { name: told.client.name, page: `${url}/client/status`, token: told.token };
  if (summary) printSummary(console, summary);
  console.emit({ event: 'ready', url: `${url}/graphql`, ...summary, client });
  console.say('');
  console.say(`Ready: open ${url}/graphql in a browser, or ask there:`);
  console.say('');
  console.say(firstQuery.trimEnd());
  console.say('');
  if (client) {
    console.say(`What ${client.name} sees of its projects: ${client.page}, with the token`);
    console.say(`  ${client.token}`);
    console.say('');
  }
  console.say('Polling goes on; Ctrl-C ends it.');
}

/** Shows what later polls bring, until the command is interrupted. */
async function goOn({ console, interruption }: CommandContext, hub: Hub): Promise<void> {
  const view = console.json
    ? await createView(console, { sources: [], task: 'POLL' })
    : createPlainView({ console, now: () => performance.now(), newsOnly: true });
  hub.watch((progress) => view.show(progress));
  await interruption.requested;
}
