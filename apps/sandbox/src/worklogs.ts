import type { Random } from '@plumbline/emulator';
import type { JiraWorklog } from '@plumbline/jira/emulator';
import { businessDayFrom, instantAt, isBusinessDay, offsetTimestamp, type Day } from './days.ts';
import type { WorkNature } from './figure-types.ts';
import { natureAt, type Hindrance } from './hindrances.ts';
import type { IssueDraft } from './issue-draft.ts';
import type { ChangeRequest, Division, Person, Project } from './plan.ts';
import { activityNotes } from './words.ts';

/** One worklog, by what it means: figures about time are counted from these. */
export interface Logged {
  id: string;
  person: Person;
  day: Day;
  seconds: number;
  project: Project;
  issue: { id: string; key: string };
  change: ChangeRequest | null;
  /** Whether the issue belongs to something the contract promises. */
  committed: boolean;
  /** Whether it was progress when it began. */
  nature: WorkNature;
}

interface WorkOn {
  random: Random;
  issue: IssueDraft;
  project: Project;
  change: ChangeRequest | null;
  committed: boolean;
  /** Why some of it is no progress; nothing when absent. */
  hindrance?: Hindrance | null;
  /** Does most of it; others of the team do the rest. */
  person: Person;
  hours: number;
  /** First and last day on which it is done, by the calendar of whoever does it. */
  from: Day;
  to: Day;
}

export interface Timesheet {
  /** Logs the hours as several worklogs, where people have time left; gives the seconds that found a place. */
  log(work: WorkOn): number;
  /** What was logged since the last call. */
  take(): { worklogs: JiraWorklog[]; logged: Logged[] };
}

const lengths = [1_800, 3_600, 5_400, 7_200, 9_000, 10_800, 14_400, 18_000] as const;
const longestDay = 9.5 * 3_600;
const morning = 8 * 3_600;

/** Keeps the hours of everybody in a division, so that nobody works thirty hours in a day. */
export function createTimesheet({ number: division, today }: Pick<Division, 'number' | 'today'>): Timesheet {
  const used = new Map<number, number>();
  const latest = instantAt(today, 0, 'UTC');
  let worklogs: JiraWorklog[] = [];
  let logged: Logged[] = [];
  let last = 40_000_000 + division * 100_000;

  function place(work: WorkOn, person: Person, day: Day, seconds: number): void {
    const { random, issue } = work;
    const slot = person.number * 100_000 + day;
    const busy = used.get(slot) ?? 0;
    used.set(slot, busy + seconds);
    const { zone } = person.region;
    // A few work through the night: their day is the local one, whatever it is in UTC.
    const second = busy === 0 && random.chance(0.02) ? 15 * 60 : morning + busy + random.integer(0, 20) * 60;
    const started = instantAt(day, second, zone);
    const done = started + seconds * 1_000;
    const written =
      done + random.integer(0, 3_599_999) + (random.chance(0.06) ? random.integer(20, 50) * 3_600_000 : 0);
    const created = Math.min(latest - random.integer(1, 3_600_000), written);
    const edited = random.chance(0.03) ? created + random.integer(60_000, 72_000_000) : created;
    const updated = Math.max(created, Math.min(latest - random.integer(1, 60_000), edited));
    const id = String((last += 1));
    issue.touch(updated);
    worklogs.push({
      id,
      issueId: issue.id,
      authorAccountId: person.accountId ?? '',
      started: offsetTimestamp(day, second, zone),
      seconds,
      comment: random.pick(activityNotes),
      created,
      updated,
    });
    logged.push({
      id,
      person,
      day,
      seconds,
      project: work.project,
      issue: { id: issue.id, key: issue.key },
      change: work.change,
      committed: work.committed,
      nature: natureAt(work.hindrance ?? null, started),
    });
  }

  return {
    log(work) {
      const { random, project, from, to } = work;
      let left = Math.round(work.hours * 4) * 900;
      const wanted = left;
      for (let misses = 0; left > 0 && misses < 25;) {
        const person = random.chance(0.85) ? work.person : random.pick(project.team);
        const day = random.integer(from, to);
        const seconds = Math.min(left, random.pick(lengths));
        const free = longestDay - (used.get(person.number * 100_000 + day) ?? 0);
        if (!isBusinessDay(day) || seconds > free || (person.leftOn !== null && day >= person.leftOn)) {
          misses += 1;
          continue;
        }
        place(work, person, day, seconds);
        left -= seconds;
      }
      return wanted - left;
    },
    take() {
      const taken = { worklogs, logged };
      worklogs = [];
      logged = [];
      return taken;
    },
  };
}

/** Somebody of the team who is still there at the end of the work. */
export function workerFor(random: Random, project: Project, to: Day): Person {
  const there = project.team.filter(({ leftOn }) => leftOn === null || leftOn > to);
  return random.pick(there.length > 0 ? there : project.team);
}

/** First and last day of some work. */
export interface Window {
  from: Day;
  to: Day;
}

/** A window of work within others: never empty, at least one business day. */
export function windowOf(from: Day, to: Day): Window {
  const first = businessDayFrom(from);
  return { from: first, to: Math.max(first, to) };
}
