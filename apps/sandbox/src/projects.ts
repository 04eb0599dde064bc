import type { Random } from '@plumbline/emulator';
import { shuffled } from './clients.ts';
import { businessDayFrom, businessDayUntil, type Day } from './days.ts';
import type { Engagement } from './engagements.ts';
import { eurosPerUnit, quoted } from './money.ts';
import type { Client, Person, Project } from './plan.ts';
import { internalProjects, projectMix, registerOnlyProjects, repeated, type Quirk } from './planted.ts';
import { headOffice, registerTeam, teams, type ProjectStatus } from './vocabulary.ts';

interface Staff {
  managers: readonly Person[];
  formerManager: Person;
  consultants: readonly Person[];
}

export interface ProjectsInput {
  random: Random;
  division: number;
  today: Day;
  clients: readonly Client[];
  staff: Staff;
  engage(client: Client): Engagement;
}

/** The projects of one division: those for clients, those the register alone knows, and the firm's own. */
export function planProjects(input: ProjectsInput): Project[] {
  const { random } = input;
  const wanted = shuffled(
    random,
    projectMix.flatMap(({ status, count, quirks }) => {
      const planted: (Quirk | null)[] = repeated(quirks);
      return Array.from({ length: count }, (_, index) => ({ status, quirk: planted[index] ?? null }));
    }),
  );
  const keys = new Set<string>();
  const projects = wanted.map(({ status, quirk }, index) => clientProject(input, keys, { index, status, quirk }));
  for (let extra = 0; extra < registerOnlyProjects; extra += 1) {
    const index = projects.length;
    projects.push({
      ...clientProject(input, keys, { index, status: 'PLANNED', quirk: null }),
      jiraId: null,
      namesDeals: false,
    });
  }
  return [...projects, ...internalProjects.map((name, at) => internalProject(input, name, projects.length + at))];
}

function clientProject(
  { random, division, today, clients, staff, engage }: ProjectsInput,
  keys: Set<string>,
  { index, status, quirk }: { index: number; status: ProjectStatus; quirk: Quirk | null },
): Project {
  const client = clientFor(random, clients, index, quirk);
  const engagement = engage(client);
  const { currency, zone } = client.region;
  const team = teamFor(index, quirk);
  const share = random.integer(82, 98) / 100;
  const hourly = random.integer(112, 128);
  const soldHours = Math.max(120, Math.round((engagement.price * eurosPerUnit[currency]) / hourly));
  // The work that R25 finds outgrew what was sold by more than any rounding explains.
  const estimatedHours = Math.round(soldHours * (quirk === 'R25' ? random.integer(122, 140) / 100 : share));
  return {
    index,
    jiraId: String(10_000 + division * 1_000 + index),
    key: uniqueKey(
      keys,
      `${client.domain.replace(/[^a-z]/g, '').slice(0, 3)}${engagement.code}`.toUpperCase(),
      division,
    ),
    name: `${client.name}: ${engagement.title}`,
    client,
    manager: quirk === 'R19' ? staff.formerManager : random.pick(staff.managers),
    team: staff.consultants.filter((person) => person.team === team),
    teamName: team,
    currency,
    zone,
    ...dates(random, today, status, quirk),
    status,
    quirk,
    service: engagement.title,
    contract: [],
    namesDeals: quirk !== 'likely' && (index % 3 !== 0 || quirk === 'R34'),
    contractValue: engagement.price,
    plannedHours: soldHours,
    plannedCost: quoted(soldHours * random.integer(58, 70), currency),
    estimatedHours,
    issueCount: Math.min(120, Math.max(24, Math.round(estimatedHours / 18))),
  };
}

function internalProject({ random, division, today, staff }: ProjectsInput, name: string, index: number): Project {
  return {
    index,
    jiraId: String(10_000 + division * 1_000 + index),
    key: `INT${String.fromCodePoint(65 + (index % 26))}${division === 0 ? '' : division}`,
    name: `Internal: ${name}`,
    client: null,
    manager: random.pick(staff.managers),
    team: shuffled(random, staff.consultants).slice(0, 6),
    teamName: 'Delivery office',
    currency: 'EUR',
    zone: headOffice.zone,
    start: businessDayFrom(today - 350),
    end: businessDayFrom(today + 60),
    status: 'ACTIVE',
    quirk: null,
    service: name,
    contract: [],
    namesDeals: false,
    contractValue: 0,
    plannedHours: 0,
    plannedCost: 0,
    estimatedHours: 160,
    issueCount: 14,
  };
}

/** Small change requests are told from large ones by their price in euros, so those are planted with clients who pay in euros. */
function clientFor(random: Random, clients: readonly Client[], index: number, quirk: Quirk | null): Client {
  if (quirk === 'R35' || quirk === 'R05') {
    return random.pick(clients.filter(({ region }) => region.currency === (quirk === 'R35' ? 'EUR' : 'GBP')));
  }
  return clients[(index * 7) % clients.length] ?? random.pick(clients);
}

/** What is planted among change requests is planted in Jira: those teams keep no register. */
function teamFor(index: number, quirk: Quirk | null): string {
  const team = teams[index % teams.length] ?? 'Platform';
  const needsJira = quirk === 'R10' || quirk === 'R14' || quirk === 'R16' || quirk === 'R35' || quirk === 'R11';
  return needsJira && team === registerTeam ? 'Platform' : team;
}

function dates(random: Random, today: Day, status: ProjectStatus, quirk: Quirk | null): { start: Day; end: Day } {
  const before = (from: number, to: number): Day => businessDayUntil(today - random.integer(from, to));
  const after = (from: number, to: number): Day => businessDayFrom(today + random.integer(from, to));
  switch (status) {
    case 'PLANNED':
      return { start: after(7, 60), end: after(120, 260) };
    case 'ON_HOLD':
      return { start: before(150, 250), end: after(40, 80) };
    case 'DELIVERED':
      return { start: before(220, 345), end: before(5, 20) };
    case 'CANCELLED':
      return { start: before(230, 300), end: before(90, 120) };
    case 'CLOSED':
      return { start: before(240, 345), end: quirk === 'R27' ? before(70, 95) : before(25, 80) };
    default:
      return { start: before(80, 300), end: after(20, 200) };
  }
}

function uniqueKey(keys: Set<string>, wanted: string, division: number): string {
  const suffix = division === 0 ? '' : `D${division}`;
  for (let attempt = 1; ; attempt += 1) {
    const key = `${wanted}${attempt === 1 ? '' : attempt}${suffix}`;
    if (keys.has(key)) continue;
    keys.add(key);
    return key;
  }
}
