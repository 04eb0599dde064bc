import { systemClock, type Clock } from '../../packages/connector/src/index.ts';
import { startGoogleEmulator, type GoogleEmulator } from '../../plugins/google-sheets/emulator/index.ts';
import { email, privateKey, publicKeyPem } from '../../plugins/google-sheets/test/desk.ts';
import { ratesSpreadsheet } from '../../plugins/google-sheets/test/rates.ts';
import { startHubSpotEmulator, type HubSpotEmulator } from '../../plugins/hubspot/emulator/index.ts';
import { accessToken, deal, portal } from '../../plugins/hubspot/src/test-kit.ts';
import { startJiraEmulator, type JiraEmulator, type JiraSite } from '../../plugins/jira/emulator/index.ts';
import { issue, projects, smallSite } from '../../plugins/jira/test/site.ts';

/** Three vendors with a handful of records each, and what opens them. */
export interface SmallVendors {
  hubspot: HubSpotEmulator;
  jira: JiraEmulator;
  google: GoogleEmulator;
  /** What the Jira emulator answers with: edit it as an administrator would edit the site. */
  site: { fields: JiraSite['fields'][number][]; statuses: JiraSite['statuses'][number][] } & JiraSite;
  secrets: { hubspot: string; jira: string; google: { client_email: string; private_key: string } };
  close(): Promise<void>;
}

export async function startSmallVendors(
  options: { clock?: Clock; hubspotScopes?: readonly string[] } = {},
): Promise<SmallVendors> {
  const clock = options.clock ?? systemClock;
  const small = smallSite();
  const site = { ...small, fields: [...small.fields], statuses: [...small.statuses] };
  const hubspot = await startHubSpotEmulator({
    portal,
    clock,
    ...(options.hubspotScopes ? { scopes: options.hubspotScopes } : {}),
  });
  const jira = await startJiraEmulator({ site, clock });
  const google = await startGoogleEmulator({
    spreadsheets: [ratesSpreadsheet()],
    serviceAccounts: [{ email, publicKeyPem }],
    clock,
    // Tokens are signed by the machine's time.
    tokenClock: systemClock,
    limits: { reads: 10_000 },
  });
  hubspot.load({ records: [1, 2, 3].map((id) => deal(id, { jira_project_key: 'ABC', sales_region: 'North' })) });
  jira.load({
    projects,
    issues: [
      issue(1),
      issue(2, { typeId: '101', statusId: '4', summary: 'More seats', custom: { customfield_2: 1_250 } }),
      issue(3, { typeId: '102', summary: 'Late delivery' }),
    ],
  });
  return {
    hubspot,
    jira,
    google,
    site,
    secrets: {
      hubspot: accessToken,
      jira: site.caller.apiToken,
      google: { client_email: email, private_key: privateKey },
    },
    close: async () => {
      await Promise.all([hubspot.close(), jira.close(), google.close()]);
    },
  };
}
