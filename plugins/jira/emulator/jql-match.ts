import { JqlError, type Condition } from './jql-parser.ts';
import type { JiraProject, JiraSite } from './seed.ts';
import type { Zone } from './zone.ts';

/** What the search index knows of an issue. */
export interface IndexedIssue {
  readonly id: number;
  readonly key: string;
  readonly projectId: string;
  readonly typeId: string;
  readonly statusId: string;
  readonly parentId: string | null;
  readonly labels: readonly string[];
  readonly created: number;
  readonly updated: number;
}

/** What names in a query mean on this site at this moment. */
export interface JqlNames {
  site: JiraSite;
  zone: Zone;
  nowMs: number;
  projects: readonly JiraProject[];
  idOfKey(key: string): string | undefined;
}

export type Test = (issue: IndexedIssue) => boolean;

/** Compiles a condition; a name that does not exist is an error, as in Jira. */
export function compile(condition: Condition, names: JqlNames): Test {
  if ('parts' in condition) {
    const parts = condition.parts.map((part) => compile(part, names));
    return condition.op === 'and'
      ? (issue) => parts.every((part) => part(issue))
      : (issue) => parts.some((part) => part(issue));
  }
  if ('part' in condition) {
    const part = compile(condition.part, names);
    return (issue) => !part(issue);
  }
  const { op, field, values } = condition;
  if (field === 'updated' || field === 'created') return compileDate({ op, field, values, names });
  if (field === 'labels' || field === 'label') return compileLabels(op, values);
  return compileMember({ op, field, values, names });
}

function compileDate(input: {
  op: string;
  field: 'updated' | 'created';
  values: readonly string[];
  names: JqlNames;
}): Test {
  const { op, field } = input;
  const bound = dateValue(input.values[0] ?? '', input.names, field);
  switch (op) {
    case '>=':
      return (issue) => issue[field] >= bound;
    case '>':
      return (issue) => issue[field] > bound;
    case '<=':
      return (issue) => issue[field] <= bound;
    case '<':
      return (issue) => issue[field] < bound;
    case '=':
      return (issue) => issue[field] === bound;
    default:
      throw new JqlError(`The operator '${op}' is not supported by the '${field}' field.`);
  }
}

/** "2026-04-28 15:33" and "2026-04-28" in the caller's zone, or relative such as "-15m". */
export function dateValue(text: string, names: Pick<JqlNames, 'zone' | 'nowMs'>, field: string): number {
  const relative = /^(-?\d+)([mhdw])$/.exec(text);
  if (relative) {
    const unit = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[relative[2] as 'm' | 'h' | 'd' | 'w'];
    return names.nowMs + Number(relative[1]) * unit;
  }
  const minute = names.zone.minute(text);
  if (minute !== null) return minute;
  throw new JqlError(
    `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  );
}

function compileLabels(op: string, values: readonly string[]): Test {
  const wanted = new Set(values);
  const some: Test = (issue) => issue.labels.some((label) => wanted.has(label));
  if (op === '=' || op === 'in') return some;
  if (op === '!=' || op === 'not in') return (issue) => issue.labels.length > 0 && !some(issue);
  if (op === 'is') return (issue) => issue.labels.length === 0;
  if (op === 'is not') return (issue) => issue.labels.length > 0;
  throw new JqlError(`The operator '${op}' is not supported by the 'labels' field.`);
}

function compileMember(input: { op: string; field: string; values: readonly string[]; names: JqlNames }): Test {
  const { op, field, values, names } = input;
  const read = reader(field);
  const wanted = new Set(values.flatMap((value) => resolve(field, value, names)));
  switch (op) {
    case '=':
    case 'in':
      return (issue) => wanted.has(read(issue) ?? '');
    case '!=':
    case 'not in':
      return (issue) => read(issue) !== null && !wanted.has(read(issue) ?? '');
    case 'is':
      return (issue) => read(issue) === null;
    case 'is not':
      return (issue) => read(issue) !== null;
    default:
      throw new JqlError(`The operator '${op}' is not supported by the '${field}' field.`);
  }
}

function reader(field: string): (issue: IndexedIssue) => string | null {
  switch (field) {
    case 'project':
      return (issue) => issue.projectId;
    case 'issuetype':
    case 'type':
      return (issue) => issue.typeId;
    case 'status':
      return (issue) => issue.statusId;
    case 'parent':
      return (issue) => issue.parentId;
    case 'id':
    case 'issue':
    case 'key':
    case 'issuekey':
      return (issue) => String(issue.id);
    default:
      throw new JqlError(`Field '${field}' does not exist or you do not have permission to view it.`);
  }
}

function resolve(field: string, value: string, { site, projects, idOfKey }: JqlNames): string[] {
  const named = (all: readonly { id: string; name: string; key?: string }[]): string[] => {
    const lower = value.toLowerCase();
    const found = all.filter(
      (each) => each.id === value || each.name.toLowerCase() === lower || each.key?.toLowerCase() === lower,
    );
    if (found.length > 0) return found.map(({ id }) => id);
    throw new JqlError(`The value '${value}' does not exist for the field '${field}'.`);
  };
  if (field === 'project') return named(projects);
  if (field === 'issuetype' || field === 'type') return named(site.issueTypes);
  if (field === 'status') return named(site.statuses);
  return [/^\d+$/.test(value) ? value : (idOfKey(value) ?? value)];
}
