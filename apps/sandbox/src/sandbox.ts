import { systemClock, type Clock } from '@plumbline/connector';
import { startGoogleEmulator, type GoogleEmulator } from '@plumbline/google-sheets/emulator';
import { startHubSpotEmulator, type HubSpotEmulator } from '@plumbline/hubspot/emulator';
import { startJiraEmulator, type JiraEmulator } from '@plumbline/jira/emulator';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { generateCompany, type Company } from './company.ts';
import type { CompanyOptions } from './plan.ts';
import { sourcesOf, type SandboxSource } from './sources.ts';
import type { Truth } from './truth-types.ts';
import { headOffice } from './vocabulary.ts';

export interface SandboxOptions extends CompanyOptions {
  /** The vendors' time; the system's when absent. */
  clock?: Clock;
  /** A free port each when absent. */
  ports?: { jira?: number; hubspot?: number; google?: number };
  /** Sheets reads a minute the vendor grants; 60, as Google does, when absent. */
  sheetsReadsPerMinute?: number;
  /** How long a change stays invisible to the searches of Jira and HubSpot; 0 when absent. */
  searchLagMs?: number;
}

/** The company, living: three vendors on loopback, and how a hub is configured for them. */
export interface Sandbox {
  readonly jira: JiraEmulator;
  readonly hubspot: HubSpotEmulator;
  readonly google: GoogleEmulator;
  readonly sources: readonly SandboxSource[];
  readonly company: Company;
  /** Has every vendor tell a hub at this address of changes, signed; Google does when the hub opens a channel. */
  tell(address: string): void;
  /** Made when it is first asked for; later changes to the vendors are not in it. */
  readonly truth: Truth;
  close(): Promise<void>;
}

/** Starts the three vendors and loads the company into them. Throws when a port is taken; then none of them runs. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? systemClock;
  const company = generateCompany(options);
  const key = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const clientEmail = `plumbline@sandbox.${headOffice.domain}`;
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((emulator) => emulator.close()));
  };
  const keep = <Emulator extends { close(): Promise<void> }>(emulator: Emulator): Emulator => {
    started.push(emulator);
    return emulator;
  };
  const lag = options.searchLagMs ?? 0;
  try {
    const jira = keep(
      await startJiraEmulator({ site: company.jira.site, clock, searchLagMs: lag, ...port(options.ports?.jira) }),
    );
    const hubspot = keep(
      await startHubSpotEmulator({
        portal: company.hubspot.portal,
        clock,
        indexLagMs: lag,
        ...port(options.ports?.hubspot),
      }),
    );
    const google = keep(
      await startGoogleEmulator({
        spreadsheets: company.google.spreadsheets,
        serviceAccounts: [{ email: clientEmail, publicKeyPem: key.publicKey }],
        clock,
        // The client library signs its tokens by the machine's time, whatever time the company lives in.
        tokenClock: systemClock,
        ...port(options.ports?.google),
        ...(options.sheetsReadsPerMinute === undefined ? {} : { limits: { reads: options.sheetsReadsPerMinute } }),
      }),
    );
    loadCompany(company, { jira, hubspot });
    const { caller } = company.jira.site;
    const webhookSecret = randomUUID();
    let truth: Truth | undefined;
    return {
      jira,
      hubspot,
      google,
      company,
      sources: sourcesOf({
        addresses: { jira: jira.url, hubspot: hubspot.url, google: google.url },
        jira: { email: caller.email, apiToken: caller.apiToken, webhookSecret },
        hubspot: { accessToken: company.hubspot.portal.accessToken, webhookSecret },
        google: { clientEmail, privateKey: key.privateKey },
      }),
      tell(address) {
        hubspot.sendWebhooks({ url: `${address}/webhooks/hubspot`, secret: webhookSecret });
        jira.sendWebhooks({ url: `${address}/webhooks/jira`, secret: webhookSecret });
      },
      get truth() {
        truth ??= company.truth();
        return truth;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Streams the company in: never more of it in memory than one batch beside what the emulators keep. */
function loadCompany(company: Company, { jira, hubspot }: { jira: JiraEmulator; hubspot: HubSpotEmulator }): void {
  for (const batch of company.hubspot.batches()) hubspot.load(batch);
  for (const batch of company.jira.batches()) jira.load(batch);
  const { malformed } = company;
  hubspot.load({ records: malformed.hubspot.map(({ record }) => record) });
  for (const { record, patch } of malformed.hubspot) hubspot.breakRecord(record.type, record.id, patch);
  jira.load({ issues: malformed.jira.map(({ issue }) => issue) });
  for (const { issue, patch } of malformed.jira) jira.breakIssue(issue.id, patch);
}

function port(number: number | undefined): { port?: number } {
  return number === undefined ? {} : { port: number };
}
