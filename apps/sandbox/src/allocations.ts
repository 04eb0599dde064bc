import { createRandom, type Random } from '@plumbline/emulator';
import type { Tab } from '@plumbline/google-sheets/emulator';
import { dateText, isBusinessDay, type Day } from './days.ts';
import { personNamed } from './names.ts';
import type { Division, Person, Project } from './plan.ts';
import { dateColumn, sheetTab, type Column } from './sheet-tab.ts';
import type { Anomaly } from './truth-types.ts';

/** A person booked for a project: so many hours on each business day. */
export interface Allocation {
  person: Person;
  project: Project;
  type: 'HARD' | 'SOFT';
  from: Day;
  to: Day;
  hoursPerDay: number;
}

/** How far plans reach: this week and those behind it. */
const weeksAhead = 8;

/**
 * What is booked too much on purpose, by position among the consultants who are still here: two are promised twice, two
 * are wanted twice, and one has a full day besides that their week still holds.
 */
const planted: readonly ('hard' | 'soft' | 'day' | null)[] = ['hard', null, 'soft', 'day', null, 'hard', null, 'soft'];

type Staffed = Pick<Division, 'seed' | 'today' | 'people' | 'projects'>;

/** Who of a division is booked for what; the same for the same seed. */
export function planAllocations({ seed, today, people, projects }: Staffed): Allocation[] {
  const random = createRandom(`${seed}/allocations`);
  const open = projects.filter(
    ({ client, status }) => client !== null && (status === 'ACTIVE' || status === 'PLANNED'),
  );
  const here = people.filter(({ role, leftOn }) => role === 'Consultant' && leftOn === null);
  return here.flatMap((person, index) =>
    bookings(random, {
      person,
      today,
      projects: open.filter(({ team }) => team.includes(person)),
      flaw: planted[index] ?? null,
    }),
  );
}

interface Booked {
  person: Person;
  today: Day;
  projects: readonly Project[];
  flaw: (typeof planted)[number];
}

/** Three quarters of somebody's time over two projects, and what is planted besides. */
function bookings(random: Random, { person, today, projects, flaw }: Booked): Allocation[] {
  if (projects.length === 0) return [];
  const monday = mondayOf(today);
  const share = (part: number) => person.hoursPerDay * part;
  const usual = (): Pick<Allocation, 'person' | 'project' | 'from' | 'to'> => ({
    person,
    project: random.pick(projects),
    from: today - random.integer(0, 40),
    to: monday + weeksAhead * 7 - random.integer(3, 12),
  });
  const booked: Allocation[] = [
    { ...usual(), type: 'HARD', hoursPerDay: share(0.5) },
    { ...usual(), type: random.chance(0.5) ? 'HARD' : 'SOFT', hoursPerDay: share(0.25) },
  ];
  if (flaw === null) return booked;
  const project = random.pick(projects);
  const from = monday + random.integer(2, 4) * 7;
  if (flaw === 'day') return [...booked, { person, project, type: 'HARD', from, to: from, hoursPerDay: share(1) }];
  const type = flaw === 'hard' ? 'HARD' : 'SOFT';
  return [...booked, { person, project, type, from, to: from + 11, hoursPerDay: share(0.75) }];
}

/** Every week from this one on in which somebody is promised, or wanted, for more than they can work. */
export function overAllocations(allocations: readonly Allocation[], today: Day): Anomaly[] {
  const weeks = Array.from({ length: weeksAhead }, (_, index) => mondayOf(today) + index * 7);
  return [...Map.groupBy(allocations, ({ person }) => person)].flatMap(([person, own]) =>
    weeks.flatMap((week): Anomaly[] => {
      const days = Array.from({ length: 7 }, (_, index) => week + index).filter(isBusinessDay);
      const booked = (type: Allocation['type']): number =>
        days
          .flatMap((day) => own.filter((each) => each.type === type && each.from <= day && day <= each.to))
          .reduce((sum, { hoursPerDay }) => sum + hoursPerDay * 3_600, 0);
      const [hardSeconds, softSeconds] = [booked('HARD'), booked('SOFT')];
      const capacitySeconds = days.length * person.hoursPerDay * 3_600;
      if (hardSeconds + softSeconds <= capacitySeconds) return [];
      const figures = { week: dateText(week), hardSeconds, softSeconds, capacitySeconds };
      return [{ rule: 'R29', subject: personNamed(person), others: [], figures }];
    }),
  );
}

/** The delivery office's plan of who works on what. */
export function allocationTab(sheetId: number, allocations: readonly Allocation[]): Tab {
  const numbered = allocations.map((allocation, index) => ({ ...allocation, number: index + 1 }));
  return sheetTab({ sheetId, title: 'Allocations', heading: 'Who works on what' }, columns, numbered);
}

const columns: readonly Column<Allocation & { number: number }>[] = [
  { header: 'No.', format: 'TEXT', cell: ({ number }) => `A${String(number).padStart(5, '0')}` },
  { header: 'E-mail', cell: ({ person }) => person.email },
  { header: 'Project', cell: ({ project }) => project.key },
  { header: 'Type', cell: ({ type }) => type.toLowerCase() },
  dateColumn('From', ({ from }) => from),
  dateColumn('To', ({ to }) => to),
  { header: 'Hours per day', format: 'NUMBER', cell: ({ hoursPerDay }) => hoursPerDay },
];

function mondayOf(day: Day): Day {
  return day - ((day + 3) % 7);
}
