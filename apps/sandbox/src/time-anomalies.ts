import { dateText, type Day } from './days.ts';
import { changeRequestNamed, issueNamed, personNamed, projectNamed } from './names.ts';
import { rateOn } from './people.ts';
import type { ChangeRequest, Person } from './plan.ts';
import type { Anomaly, Named, RuleId } from './truth-types.ts';
import type { Logged } from './worklogs.ts';

interface Tally {
  rule: RuleId;
  subject: Named;
  others: readonly Named[];
  seconds: number;
  entries: number;
  first: Day;
  last: Day;
  extra: Readonly<Record<string, string | number>>;
}

export interface TimeCensus {
  add(logged: Logged): void;
  anomalies(): Anomaly[];
}

/** Adds up the time that should not have been logged, or cannot be priced, while the worklogs go by. */
export function createTimeCensus(): TimeCensus {
  const tallies = new Map<string, Tally>();
  function count(
    rule: RuleId,
    logged: Logged,
    about: { subject: Named; others?: readonly Named[]; extra?: Tally['extra'] },
  ): void {
    const { subject, others = [], extra = {} } = about;
    const name = `${rule} ${subject.key}`;
    const tally = tallies.get(name) ?? {
      rule,
      subject,
      others,
      seconds: 0,
      entries: 0,
      first: logged.day,
      last: logged.day,
      extra,
    };
    tally.seconds += logged.seconds;
    tally.entries += 1;
    tally.first = Math.min(tally.first, logged.day);
    tally.last = Math.max(tally.last, logged.day);
    tallies.set(name, tally);
  }
  return {
    add(logged) {
      const { change, committed, project, person, day } = logged;
      const of = { others: [projectNamed(project)] };
      if (change) countChange(change);
      else if (!committed && project.client) count('R11', logged, { subject: issueNamed(logged.issue), ...of });
      if (project.status === 'CLOSED' && day > project.end)
        count('R27', logged, { subject: projectNamed(project), extra: { end: dateText(project.end) } });
      const missing = missingRate(person, day);
      if (missing) count('R28', logged, { subject: personNamed(person), extra: { missing } });

      function countChange(request: ChangeRequest): void {
        const subject = changeRequestNamed(request);
        const rejectedOn = request.path.find(({ state }) => state === 'REJECTED')?.on ?? null;
        if (request.approvedOn === null || day < request.approvedOn) count('R10', logged, { subject, ...of });
        if (rejectedOn !== null && day > rejectedOn) count('R14', logged, { subject, ...of });
        if (day < (request.path[0]?.on ?? day)) count('R16', logged, { subject, ...of });
      }
    },
    anomalies: () =>
      [...tallies.values()].map(({ rule, subject, others, seconds, entries, first, last, extra }) => ({
        rule,
        subject,
        others,
        figures: { hours: seconds / 3_600, entries, firstDay: dateText(first), lastDay: dateText(last), ...extra },
      })),
  };
}

/** Which of a person's rates the sheet lacks on a day; null when it has both. */
function missingRate(person: Person, day: Day): 'bill' | 'cost' | 'both' | null {
  const valid = rateOn(person, day);
  if (!valid) return 'both';
  if (valid.bill === null) return valid.cost === null ? 'both' : 'bill';
  return valid.cost === null ? 'cost' : null;
}
