/**
 * Every option there is. Copy this file to plumbline.config.ts, keep what you need, and run `npx -y pnpm plumbline
 * doctor`: it asks the vendors whether credentials, scopes and mappings are right and lists what exists where they are
 * not. Members with a default may be left out; the values here are the defaults unless a comment says "for example".
 */
import { files, type FilesConfigInput } from '@plumbline/files';
import { googleSheets, type GoogleSheetsConfigInput } from '@plumbline/google-sheets';
import { defineConfig } from '@plumbline/hub';
import { hubspot, type configSchema as hubSpotSchema } from '@plumbline/hubspot';
import { jira, type JiraConfigInput } from '@plumbline/jira';

/** Secrets stay out of this file, so that it can be committed: in the environment, or stored by `plumbline connect`. */
function secret(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

const hubSpotConfig: (typeof hubSpotSchema)['_input'] = {
  address: 'https://api.hubapi.com',
  // The version of HubSpot's API: 'v3', whose associations are answered until March 2027, or '2026-09'.
  apiVersion: 'v3',
  // The portal that is read: what an app says of another one is not taken. Default: any.
  portalId: 12_345_678,
  deals: {
    // Which property holds which field. Null says that the portal has none.
    properties: {
      name: 'dealname',
      amount: 'amount',
      currency: 'deal_currency_code',
      probability: 'hs_deal_stage_probability',
      closeDate: 'closedate',
      owner: 'hubspot_owner_id',
      lastActivityAt: 'notes_last_contacted',
      nextStep: 'hs_next_step',
      nextStepDate: 'notes_next_activity_date',
      forecastCategory: 'hs_manual_forecast_category',
      stageEnteredAt: 'hs_v2_date_entered_current_stage',
    },
    // A property of your own that names the Jira projects which deliver the deal. Default: null, there is none.
    projectKey: { property: 'jira_project_key', scheme: 'jira-project-key' },
    // What a stage means, by its id, where probability and "closed" do not say it; for example:
    stageStates: { qualifiedtobuy: 'SCOPING', '987654321': 'NO_DECISION' },
    // Ids of the pipelines to read. Null reads all.
    pipelines: null,
    // Past values that are read from the property history.
    history: ['stage', 'amount', 'closeDate', 'owner'],
    // Further properties, by the name they get in the graph; for example:
    customFields: { region: 'sales_region', bidTeam: { property: 'bid_team', type: 'list' } },
  },
  companies: {
    // The property with the currency the client is billed in. Default: null.
    currencyProperty: 'billing_currency',
    // Whether an internet domain identifies a client here and in other sources.
    unifyByDomain: true,
    // Domains that identify nobody, such as those of mailbox providers; for example:
    ignoredDomains: ['gmail.com', 'outlook.com'],
    customFields: { industry: 'industry' },
  },
  lineItems: { customFields: { sku: 'hs_sku' } },
  // Whether the portal's exchange rates are read. Better no, when a sheet has them: two rates of a day are one too many.
  exchangeRates: false,
  limits: {
    // 100 for free and Starter, 190 for Professional and Enterprise, 250 with the add-on.
    requestsPerTenSeconds: 100,
    // HubSpot allows 5 for the whole account, over all its apps.
    searchesPerSecond: 4,
  },
};

// Fields are told by their ids: names are translated and not unique. `doctor` lists what a site has.
const jiraConfig: JiraConfigInput = {
  site: 'https://acme.atlassian.net',
  // Whose API token it is. An OAuth app has none.
  email: 'plumbline@acme.example',
  // Other addresses than Atlassian's own, which an OAuth app is answered at; for tests and proxies.
  // oauth: { api: 'https://api.atlassian.com', login: 'https://auth.atlassian.com' },
  // Whether boards and sprints are read, too.
  boards: true,
  // Keys of the projects to read. Empty: every project the account can see.
  projects: [],
  // How a project names the deals it was sold as: by an entity property, or by its description, such as
  // { from: 'description', pattern: 'deal (\\d+)', scheme: 'hubspot-deal' }. Default: not at all.
  opportunities: { from: 'property', property: 'plumbline', path: ['deals'], scheme: 'hubspot-deal' },
  // Every issue that is none of the kinds below is a work item.
  workItems: { points: 'customfield_10016' },
  changeRequests: {
    // One of these is enough: an issue type by name or id, a label, or a JQL condition.
    issueTypes: ['Change Request'],
    labels: ['change-request'],
    jql: 'component = "Change control"',
    // A change request is a work item too, so that time can be logged on it.
    alsoWorkItem: true,
    // Issues that implement it: by a link's words, or as its children.
    linkTypes: ['implements'],
    childrenImplement: true,
    // What each status means; a status that is not here gives no state.
    states: {
      Open: 'CAPTURED',
      Assessed: 'IMPACT_ASSESSED',
      Quoted: 'QUOTED',
      Approved: 'APPROVED',
      Declined: 'REJECTED',
    },
    // Amounts need a currency: { fixed: 'EUR' } for all, or a field that holds it.
    priceDelta: { field: 'customfield_10101', currency: { field: 'customfield_10100' } },
    costDelta: { field: 'customfield_10102', currency: { fixed: 'EUR' } },
    listPrice: { field: 'customfield_10107', currency: { fixed: 'EUR' } },
    // The unit is 'seconds', 'hours' or 'days' of so many hours.
    effortDelta: { field: 'customfield_10103', unit: 'days', hoursPerDay: 8 },
    scheduleDeltaDays: 'customfield_10104',
    origin: 'customfield_10105',
  },
  risks: {
    issueTypes: ['Risk'],
    labels: [],
    jql: 'labels = raid AND type = Task',
    statuses: { Open: 'OPEN', Mitigating: 'MITIGATING', Closed: 'CLOSED', Occurred: 'OCCURRED' },
    // 'ratio' for 0 to 1, 'percent' for 0 to 100, or what each option means.
    probability: { field: 'customfield_10110', scale: { Unlikely: 0.1, Possible: 0.4, Likely: 0.7 } },
    impact: { field: 'customfield_10111', currency: { fixed: 'EUR' } },
    response: 'customfield_10112',
  },
  milestones: {
    issueTypes: ['Milestone'],
    labels: [],
    jql: 'labels = gate',
    forecast: 'customfield_10120',
    amount: { field: 'customfield_10121', currency: { fixed: 'EUR' } },
    // Whether every version of a project is a milestone as well.
    fromVersions: true,
  },
  customFields: { commitment: 'customfield_10130' },
  // The share of Jira's documented rate limits to use; other tools of the site live on the rest.
  rateShare: 0.5,
};

// Share each spreadsheet with the service account's address, as a reader.
const sheetsConfig: GoogleSheetsConfigInput = {
  // Another origin for both Google APIs, for tests and proxies. Default: Google's own.
  // rootUrl: 'https://sheets-proxy.acme.example',
  requestsPerMinute: 60,
  spreadsheets: [
    {
      // The part of the address between /d/ and /edit.
      id: '1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg',
      tabs: [
        {
          // The name of the stream. It is part of every row's key, so it stays when the tab is renamed.
          name: 'people',
          tab: 'People',
          // The row of the headers. Default: the first of the top 20 rows that has the key's header.
          headerRow: 1,
          kind: 'person',
          // Rows are told by a key, never by their position. Further keys join them with other sources.
          key: {
            column: 'E-mail',
            scheme: 'email',
            lowerCase: true,
            keys: [{ scheme: 'jira-account', column: 'Jira account', lowerCase: false }],
          },
          columns: {
            name: 'Name',
            email: { column: 'E-mail', lowerCase: true },
            team: 'Team',
            zone: { fixed: 'Europe/Berlin' },
            status: { column: 'Employed', values: { yes: 'ACTIVE', no: 'LEFT' } },
          },
          // Fields the kind does not have.
          customFields: { costCentre: 'Cost centre' },
          // Columns that are never stored.
          ignoreColumns: ['Salary'],
          // Looks for changes at most this often. Default: at every poll of the source.
          everyMinutes: 60,
          // For formulas whose changes Drive does not count, such as IMPORTRANGE.
          alwaysRead: false,
        },
        {
          name: 'change-requests',
          // The number behind #gid= in the address, instead of the title.
          sheetId: 104,
          kind: 'changeRequest',
          key: { column: 'No.', keys: [{ scheme: 'jira-issue-key', column: 'Jira issue' }] },
          columns: {
            key: 'No.',
            title: 'Title',
            state: { column: 'State', values: { offen: 'CAPTURED', angeboten: 'QUOTED', beauftragt: 'APPROVED' } },
            // Dates kept as text need their form.
            submittedAt: { column: 'Submitted', format: 'dd.MM.yyyy' },
            // Numbers kept as text need their separator.
            priceDelta: { column: 'Price', currencyColumn: 'Currency', decimalSeparator: ',' },
            costDelta: { column: 'Cost', currency: 'EUR' },
            effortDelta: { column: 'Effort (PT)', unit: 'days', hoursPerDay: 8 },
            scheduleDeltaDays: 'Days',
            // A reference names the scheme of its keys, or the tab whose row is meant.
            project: { column: 'Project', scheme: 'jira-project-key' },
            requester: { column: 'Requester', tab: 'people' },
            // Several references in one cell.
            workItems: { column: 'Issues', scheme: 'jira-issue-key', separator: ';' },
          },
        },
        {
          name: 'timesheet',
          tab: 'Timesheet',
          kind: 'timeEntry',
          key: { column: 'ID' },
          columns: {
            localDate: 'Day',
            seconds: { column: 'Hours', unit: 'hours' },
            billable: { column: 'Billable', trueWords: ['ja', 'x'], falseWords: ['nein'] },
            person: { column: 'E-mail', scheme: 'email' },
            project: { column: 'Project', scheme: 'jira-project-key' },
          },
        },
        {
          name: 'allocations',
          tab: 'Who works on what',
          kind: 'allocation',
          key: { column: 'No.' },
          columns: {
            person: { column: 'E-mail', scheme: 'email' },
            project: { column: 'Project', scheme: 'jira-project-key' },
            type: { column: 'Sure?', values: { yes: 'HARD', no: 'SOFT' } },
            from: 'From',
            to: 'To',
            secondsPerDay: { column: 'Hours a day', unit: 'hours' },
          },
        },
        {
          name: 'deals-forecast',
          tab: 'Forecast',
          kind: 'opportunity',
          key: { column: 'Deal', scheme: 'hubspot-deal' },
          // A column that shows percentages: 20 and 20 % both become 0.2.
          columns: { probability: { column: 'Chance', percent: true } },
        },
      ],
    },
  ],
};

// Exports of any other system, as CSV or JSON files in a folder. Nothing outside of it is read.
const filesConfig: FilesConfigInput = {
  folder: `${import.meta.dirname}/exports`,
  tables: [
    {
      // The name of the stream. It is part of every row's key, so it stays when files are renamed.
      name: 'psa-projects',
      // A file, or a pattern: all files it matches are one table, and what is in none of them any more is gone.
      files: 'psa/projects-*.csv',
      // 'csv', 'json' or 'ndjson'. Default: by the ending.
      form: 'csv',
      // 'utf-8', 'utf-16le', 'utf-16be' or 'windows-1252'. Default: by the byte-order mark, else UTF-8.
      encoding: 'windows-1252',
      // For example; the default is ','.
      delimiter: ';',
      // Null: quotes mean nothing.
      quote: '"',
      // The row of the headers. Default: the first of the top 20 rows that has the key's header.
      headerRow: 1,
      // Of all columns that do not say otherwise; for example:
      decimalSeparator: ',',
      // In which times without an offset are meant; for example, instead of UTC:
      zone: 'Europe/Berlin',
      kind: 'project',
      key: { column: 'Project No.', keys: [{ scheme: 'jira-project-key', column: 'Jira' }] },
      columns: {
        name: 'Title',
        status: { column: 'State', values: { laufend: 'ACTIVE', beendet: 'CLOSED' } },
        start: { column: 'Start', format: 'dd.MM.yyyy' },
        opportunities: { column: 'Deals', scheme: 'hubspot-deal', separator: ' ' },
      },
      customFields: { contract: 'Contract No.' },
      ignoreColumns: ['Comment'],
      everyMinutes: 60,
    },
    {
      name: 'psa-budgets',
      files: 'psa/budgets.json',
      // The member that holds the list. Default: the file is the list.
      path: 'data.budgets',
      kind: 'budget',
      key: { column: 'id' },
      columns: {
        // The row of another table, by its key.
        project: { column: 'project.number', table: 'psa-projects' },
        contractValue: { column: 'value.amount', currencyColumn: 'value.currency' },
      },
    },
  ],
  // What is refused as not meant.
  limits: { megabytesPerFile: 4096, kilobytesPerRow: 1024, columnsPerRow: 1000, filesPerTable: 1000 },
};

export default defineConfig({
  sources: [
    {
      // Stays the same for as long as the data are to be kept.
      id: 'hubspot-acme',
      connector: hubspot,
      config: hubSpotConfig,
      // The access token of a private app, and its client secret as `webhookSecret` where HubSpot tells of changes:
      // docs/webhooks.md. Or an OAuth app's clientId, clientSecret and refreshToken: docs/connect.md.
      secrets: { accessToken: secret('HUBSPOT_ACCESS_TOKEN') },
      // How often the schedule polls it. Default: 5.
      everyMinutes: 5,
    },
    {
      id: 'jira-acme',
      connector: jira,
      config: jiraConfig,
      // An API token of the account above, from id.atlassian.com; `webhookSecret` of an administrator's webhook where Jira
      // tells of changes. Or an OAuth app's: { clientId, clientSecret, refreshToken: stored('jira-acme.refreshToken') },
      // which the hub replaces with every use: docs/connect.md.
      secrets: { apiToken: secret('JIRA_API_TOKEN') },
      // Tells two accounts of one vendor apart; the first needs none.
      realm: 'acme',
    },
    {
      id: 'sheets-acme',
      connector: googleSheets,
      config: sheetsConfig,
      // The JSON key file of the service account, as text; or { clientEmail, privateKey }.
      secrets: secret('GOOGLE_SERVICE_ACCOUNT'),
    },
    {
      id: 'exports',
      connector: files,
      config: filesConfig,
      // Files need none.
      secrets: {},
    },
  ],
  // Where vendors reach this hub, so that they can tell it of changes: docs/webhooks.md. Default: sources are polled only.
  // webhooks: { address: 'https://hub.acme.example' },
  // Shows clients how their projects stand, each by tokens of its own: docs/client-status.md. Default: nothing is shown.
  // clientStatus: {
  //   firm: 'Acme Consulting',
  //   // Sources that say ACCEPTED once the client has accepted a milestone; what they call ACHIEVED waits for that.
  //   // Default: none, and no acceptance is asked for.
  //   acceptanceKeptIn: ['sheets-acme'],
  // },
  // Who may have the hub forget somebody, by the names of their API keys: docs/erasure.md. Default: who is at this machine.
  // erasure: { by: ['privacy@acme.example'] },
  // Who is right, where you decide otherwise than the defaults: kind → field, or * for all → sources or connectors, best first.
  authority: {
    opportunity: { closeDate: ['sheets-acme', 'hubspot'] },
    changeRequest: { '*': ['jira', 'google-sheets'] },
  },
  // Working days (1 Monday to 7 Sunday) and holidays, by the names that your capacity sheet gives.
  calendars: {
    Germany: { holidays: ['2026-12-25', '2027-01-01'] },
    Gulf: { days: [7, 1, 2, 3, 4] },
  },
  // How it is counted how much of the work is done, and on which days planned value grows: docs/early-warnings.md.
  earnedValue: {
    // Or 'ZERO_HUNDRED', 'MILESTONE_AMOUNTS', 'MILESTONE_WEIGHTS'.
    method: 'WEIGHTED_ITEMS',
    // Other methods, by the code of the project; for example:
    projects: { RVK: 'MILESTONE_AMOUNTS' },
    // The custom field of a milestone with its weight.
    milestoneWeight: 'weight',
    // One of `calendars`. Default: Monday to Friday.
    calendar: 'Germany',
  },
  // From where on a figure is one to look at.
  warnings: {
    costPerformance: '0.9',
    schedulePerformance: '0.9',
    // Cost performance that falls for so many periods in a row, each of so many days.
    costTrend: { periods: 3, days: 7 },
    burnGap: '0.10',
    marginErosion: '0.05',
    leakedHours: 0,
    overrun: '0',
    runwayWeeks: 2,
    // Calendar days a change request may wait for a decision.
    decisionDays: 14,
    // What people are booked for by what they can work, this week and so many behind it: hard bookings, and all of them.
    allocation: { hard: '1', all: '1', weeksAhead: 7 },
    // What people worked by what they can, in so many whole weeks in a row.
    load: { share: '1.1', weeks: 3 },
    // Quality of the deals or projects that a figure of a review is computed of; beneath it the figure is marked.
    quality: '0.95',
  },
  // How old views may be, and from where on something is asked about in a review: docs/check-ins.md.
  checkIns: {
    // Calendar days after which the view of an open opportunity, or of an ACTIVE project, is old.
    viewDays: 7,
    // Names of the API keys whose holders read what is meant for LEADERSHIP, as `actor` of what they wrote; for example:
    leadership: ['ceo@acme.example'],
    questions: {
      // Times a close date was put off, without a next step ahead, and with one.
      pushes: 2,
      manyPushes: 3,
      // Time in a stage, by the median of how long deals stay there.
      stageAgeing: '2',
      // Days without contact with the client, and those after which that is grave.
      quietDays: 14,
      silentDays: 30,
      // Change of an amount within so many days, as a share of what it was.
      amountShare: '0.1',
      amountDays: 30,
      // How far the seller's confidence may be from the probability of the CRM.
      confidenceGap: '0.3',
    },
    // Reminds people, once on each day they work, of what they have not checked in on. Default: nobody is reminded.
    reminders: {
      // From which time of their day on; 23:45 at the latest.
      at: '09:00',
      // Where reminders go; without it they are recorded only. Called again, with the same id, until it does not throw. For
      // example, into a chat that takes messages by a webhook, in which &, < and > are markup:
      async send({ id, person, views, more }, { signal }) {
        const plain = (text: string | null) =>
          (text ?? 'without a name').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const lines = views.map(
          ({ subject, nth }) => `• ${plain(subject.name)}${nth > 1 ? ` (asked ${nth} times)` : ''}`,
        );
        if (more > 0) lines.push(`and ${more} more`);
        const response = await fetch(secret('CHAT_WEBHOOK_URL'), {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': id },
          body: JSON.stringify({ text: `${plain(person.name)}, how do you see these?\n${lines.join('\n')}` }),
          signal,
        });
        if (!response.ok) throw new Error(`the chat answers ${response.status}`);
      },
    },
  },
  // Which snapshots are taken without anybody asking for them: docs/reviews.md.
  reviews: {
    // A client's report, on the day that its statement of work says.
    clientReports: true,
    // The whole portfolio, once a week: 1 is Monday, by UTC. Default: none, since it wants a currency; for example:
    portfolio: { weekday: 1, currency: 'EUR', lens: 'BOTH' },
  },
  // The custom field of a work item that names the commitment it belongs to: work on others is UNLINKED.
  scope: { commitmentField: 'commitment' },
  // Which work is no progress: labels, statuses and issue types of work items, whatever their capitals. A list that you
  // give replaces the default. A status counts while it stands, a label or a type for all the time on its item.
  nature: {
    clientWait: {
      labels: ['client-wait', 'waiting-for-client'],
      statuses: ['Waiting for customer', 'Waiting for client'],
      // For example: ['Client question'].
      types: [],
    },
    rework: { labels: ['rework'], statuses: [], types: [] },
  },
  // Which time was spent in meetings about how things stand: labels and types of work items, words in the notes of time
  // entries, whatever their capitals. A list that you give replaces the default.
  statusMeetings: {
    labels: ['status-meeting'],
    types: ['Status meeting'],
    notes: ['status meeting', 'status call', 'steering committee', 'weekly status'],
  },
  // What a proposal has to pass before it goes to the client: docs/proposals.md.
  proposals: {
    // 'ADVISED' shows reviews and gates and refuses nothing; so it is with the preset 'light' below.
    review: 'REQUIRED',
    // Calendar days for which the verdict of a review counts.
    reviewDays: 30,
    // The gates that are wanted, and who decides each: names, roles or e-mail addresses. Default: all three, by anybody
    // who does not sell it; for example:
    gates: [
      { gate: 'BID', owners: ['Managing director'] },
      { gate: 'SOLUTION', owners: ['Head of delivery'] },
      { gate: 'COMMERCIAL', owners: ['PMO lead', 'Managing director'] },
    ],
  },
  // How changes are priced and reviewed: docs/change-control.md.
  changeControl: {
    // 'light', for a firm without a PMO: a floor of 0.10 and 40 hours.
    preset: 'full',
    // The least margin at which a change is quoted without a waiver: 0.20 is 20 %.
    marginFloor: '0.20',
    // Who may approve a quote below the list price, and how far below: 0.05 is 5 %. For example:
    discounts: [
      { upTo: '0.05', approvers: ['PMO lead'] },
      { upTo: '0.15', approvers: ['Managing director', 'cfo@acme.example'] },
    ],
    // Business hours that a commercial review may take.
    reviewHours: 16,
    escalation: {
      // Who hears of a review that takes longer, behind the project's manager, where its proposal names nobody; for example:
      path: ['pmo@acme.example', 'Managing director'],
      // Business hours between two of them.
      everyHours: 8,
    },
    // Calendar days for which a quote is valid.
    quoteValidDays: 30,
    // Small changes, beneath the threshold, are shown together when they exceed the limit within so many days.
    smallChanges: { threshold: '2500', limit: '5000', days: 60 },
    // When people work; 1 is Monday.
    calendar: {
      zone: 'UTC',
      opens: '09:00',
      closes: '17:00',
      days: [1, 2, 3, 4, 5],
      // For example:
      holidays: ['2026-12-25', '2027-01-01'],
    },
  },
});
