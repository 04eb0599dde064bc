import { sql } from 'kysely';
import type { Question } from '../check-ins/question.rules.ts';
import { readQuestions } from '../check-ins/question.store.ts';
import { readOpenPoints, type OpenPoint } from '../check-ins/open-points.store.ts';
import type { ViewRow } from '../check-ins/opportunity-view.store.ts';
import { readerOf } from '../check-ins/reader.ts';
import { InputError } from '../kernel/api-error.ts';
import { instantText, type Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import { once } from '../kernel/once.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { unnest } from '../kernel/unnest.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { readMovements, type Movements } from './movement.store.ts';
import { readPackFigures, type PackFigures, type ReviewQuestion } from './pack-figures.store.ts';
import { readNarratives, readSnapshots, type SnapshotRow } from './snapshot.store.ts';

/** A review: its figures, and what is read beside them when somebody asks for it. */
export interface ReviewPack extends PackFigures {
  /** Movements are of behind this instant. */
  since: string;
  /** The snapshot it begins at; null where there is none, or where somebody said since when. */
  last: SnapshotRow | null;
  movements(): Promise<Movements>;
  questions(): Promise<Question[]>;
  /** Obstacles and needs that are open, those due first coming first. */
  points(): Promise<OpenPoint[]>;
  narratives(): Promise<ViewRow[]>;
  opportunities(): Promise<Row[]>;
  projects(): Promise<Row[]>;
}

/** How far a first review looks back. */
const USUAL_DAYS = 7;

/** Reads a review, in a fixed number of statements. Throws InputError. */
export async function readReviewPack(
  context: Context,
  question: ReviewQuestion,
  since: string | null,
): Promise<ReviewPack> {
  const { scope, lens } = question;
  const { rows, now } = standpointOf(context, question.asOf);
  const figures = await readPackFigures(context, question);
  const [last = null] = since === null ? await readSnapshots(rows, { scope, lens, before: now, limit: 1 }) : [];
  const begin = since ?? (last ? instantText(last.as_of) : usualBegin(now));
  if (Temporal.Instant.compare(begin, now) > 0)
    throw new InputError(
      'since',
      `\`since\` is ${begin}, behind ${now}.`,
      'Give an instant before that of the review.',
    );
  const { opportunityIds, projectIds } = figures.subjects;
  return {
    ...figures,
    since: begin,
    last,
    movements: once(() => readMovements(context, rows, { scope, lens, since: begin, now })),
    questions: once(async () => {
      const work = await workStandpointOf(context, question.asOf, projectIds);
      return readQuestions(work.rows, {
        opportunityIds,
        projectIds,
        now: work.now,
        reader: readerOf(context),
        settings: context,
      });
    }),
    points: once(async () => {
      const [ofDeals, ofProjects] = await Promise.all([
        readOpenPoints(rows, 'opportunity', opportunityIds),
        readOpenPoints(rows, 'project', projectIds),
      ]);
      return [...ofDeals, ...ofProjects].flat().toSorted(byDue);
    }),
    narratives: once(() => readNarratives(rows, figures.subjects, readerOf(context))),
    opportunities: once(() => readRows(rows, 'opportunity', opportunityIds)),
    projects: once(() => readRows(rows, 'project', projectIds)),
  };
}

function usualBegin(now: string): string {
  return Temporal.Instant.from(now)
    .subtract({ hours: 24 * USUAL_DAYS })
    .toString();
}

/** Those due first coming first, those without a day last. */
function byDue(a: OpenPoint, b: OpenPoint): number {
  const [one, other] = [a.due ?? '9999-12-31', b.due ?? '9999-12-31'];
  return one < other ? -1 : one > other ? 1 : a.id < b.id ? -1 : 1;
}

/** The rows as they are from where they are read, in the order of the ids. */
async function readRows(rows: Rows, table: 'opportunity' | 'project', ids: readonly string[]): Promise<Row[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Row>`
    select entity.* from ${asked} join ${sql.table(table)} as entity on entity.id = asked.id`.execute(rows);
  const byId = new Map(found.map((row) => [String(row['id']), row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}
