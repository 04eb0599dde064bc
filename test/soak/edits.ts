import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Random } from '../../packages/emulator/src/index.ts';
import type { Edit } from './edit.ts';
import { hubSpotEdits, type InHubSpot } from './hubspot-edits.ts';
import { jiraEdits, type InJira } from './jira-edits.ts';
import { sheetEdits } from './sheet-edits.ts';

/** What is left after all edits: the truth that a hub is held against. */
export type Living = InHubSpot & InJira;

/** What people do all day, drawn by lot: in HubSpot, in these Jira projects, and in the spreadsheets. */
export function createEdits(
  vendors: Sandbox,
  { random, projects }: { random: Random; projects: readonly string[] },
): { edit: Edit; living: Living } {
  let count = 0;
  const next = (): number => (count += 1);
  const inHubSpot = hubSpotEdits(vendors, { random, next });
  const inJira = jiraEdits(vendors, { random, next, projects });
  const inSheets = sheetEdits(vendors, random);
  return {
    edit: () => random.pick(random.pick([inHubSpot.edits, inJira.edits, inJira.edits, inSheets]))(),
    living: { ...inHubSpot.living, ...inJira.living },
  };
}
