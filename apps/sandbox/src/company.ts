import type { HubSpotPortal } from '@plumbline/hubspot/emulator';
import type { JiraSite } from '@plumbline/jira/emulator';
import type { Spreadsheet } from '@plumbline/google-sheets/emulator';
import { planAllocations, type Allocation } from './allocations.ts';
import { dayOf } from './days.ts';
import { divisionsOf, planDivision } from './divisions.ts';
import { financeSheet } from './finance-sheet.ts';
import { hubSpotBatch, hubSpotPortal, type HubSpotBatch } from './hubspot-holding.ts';
import { jiraBatches, jiraSite, type JiraBatch } from './jira-holding.ts';
import { malformedRecords, withMalformedRows, type MalformedRecords } from './malformed.ts';
import { operationsSheet } from './operations-sheet.ts';
import type { ChangeRequest, Client, CompanyOptions, Division, Person, Project } from './plan.ts';
import { truthOf } from './truth.ts';
import type { Truth } from './truth-types.ts';

/** What the three vendors hold of one firm. Batches are made while they are read: a large company is never whole in memory. */
export interface Company {
  readonly options: CompanyOptions;
  readonly hubspot: { readonly portal: HubSpotPortal; batches(): Iterable<HubSpotBatch> };
  readonly jira: { readonly site: JiraSite; batches(): Iterable<JiraBatch> };
  readonly google: { readonly spreadsheets: readonly Spreadsheet[] };
  /** What is broken on purpose once it is loaded; empty unless asked for. */
  readonly malformed: MalformedRecords;
  /** What a hub must find after reading everything. Makes the company once more to count it. */
  truth(): Truth;
}

/**
 * A professional-services firm over HubSpot, Jira and Google Sheets, with what is wrong in it. The same options give the
 * same company to the byte. Throws RangeError for a date that is none.
 */
export function generateCompany(options: CompanyOptions): Company {
  const numbers = Array.from({ length: divisionsOf[options.size] }, (_, number) => number);
  const rows = registers(options, numbers);
  const malformed = malformedRecords(options);
  const kept = [operationsSheet(rows), financeSheet({ ...rows, today: dayOf(options.today) })];
  const { spreadsheets, quarantine } = options.malformed
    ? withMalformedRows(kept, options.today)
    : { spreadsheets: kept, quarantine: [] };
  return {
    options,
    hubspot: {
      portal: hubSpotPortal(options, rows.people),
      *batches() {
        for (const number of numbers) yield hubSpotBatch(planDivision(options, number));
      },
    },
    jira: {
      site: jiraSite(options, rows.people),
      *batches() {
        for (const number of numbers) yield* jiraBatches(planDivision(options, number));
      },
    },
    google: { spreadsheets },
    malformed,
    truth: () => ({
      ...truthOf(options, divisions(options, numbers)),
      quarantine: [...malformed.quarantine, ...quarantine],
    }),
  };
}

function* divisions(options: CompanyOptions, numbers: readonly number[]): Generator<Division> {
  for (const number of numbers) yield planDivision(options, number);
}

interface Registers {
  people: Person[];
  clients: Client[];
  projects: Project[];
  changeRequests: ChangeRequest[];
  allocations: Allocation[];
}

/** What stands in sheets, of all divisions: the sheets of a firm are one, and small beside its issues. */
function registers(options: CompanyOptions, numbers: readonly number[]): Registers {
  const rows: Registers = { people: [], clients: [], projects: [], changeRequests: [], allocations: [] };
  for (const division of divisions(options, numbers)) {
    rows.people.push(...division.people);
    rows.clients.push(...division.clients);
    rows.projects.push(...division.projects.filter(({ client }) => client !== null));
    rows.changeRequests.push(...division.changeRequests.filter(({ registerKey }) => registerKey !== null));
    rows.allocations.push(...planAllocations(division));
  }
  return rows;
}
