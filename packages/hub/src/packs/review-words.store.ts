import { kindNames, type JsonValue, type KindName, type MoneyValue } from '@plumbline/connector';
import { moneyText } from '../change-requests/quote.document.ts';
import { ageInDays } from '../check-ins/open-point.rules.ts';
import type { Question } from '../check-ins/question.rules.ts';
import type { OpenPoint } from '../check-ins/open-points.store.ts';
import { instantText, readerOf as fieldReader, type Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { spokenCode } from '../kernel/names.ts';
import { listed } from './listed-table.ts';
import type { Movement } from './movement.rules.ts';
import { personOf } from './movement.store.ts';
import type { ReviewPack } from './review-pack.store.ts';
import type { ReviewScope } from './review-scope.ts';
import type { ReviewWords } from './review.document.ts';

type RowOf<List extends keyof ReviewWords> = ReviewWords[List] extends { rows: readonly (infer Item)[] } ? Item : never;

/** What the document of a review says, with the names of everything: a fixed number of statements. */
export async function readReviewWords(context: Context, pack: ReviewPack): Promise<ReviewWords> {
  const words = wordsOf(context, pack.now);
  const [{ movements, recordsLeftOut }, questions, points, views, deals, projects] = await Promise.all([
    pack.movements(),
    pack.questions(),
    pack.points(),
    pack.narratives(),
    pack.opportunities(),
    pack.projects(),
  ]);
  const [title, moved, asked, open, told, sold, delivered, leftOut] = await Promise.all([
    scopeName(context, pack.question.scope),
    listed(movements, words.movement),
    listed(questions, words.question),
    listed(points, words.point),
    listed(views, async (view) => ({ ...view, record: await words.name(view.subject_kind, view.subject_id) })),
    listed(deals, words.deal),
    listed(projects, words.project),
    listed(pack.leftOut, async ({ projectId, reason }) => ({ record: await words.name('project', projectId), reason })),
  ]);
  return {
    of: title,
    lens: pack.question.lens,
    now: pack.now,
    since: pack.since,
    figures: await Promise.all(
      pack.figures.map(async (figure) => {
        const { stale } = await context.freshnessOf(figure.metric.kinds ?? kindNames);
        return { ...figure, stale: [...stale], quality: await figure.quality() };
      }),
    ),
    movements: { ...moved, recordsLeftOut },
    questions: asked,
    points: open,
    views: told,
    deals: { ...sold, more: pack.subjects.openDeals - sold.rows.length },
    projects: { ...delivered, more: pack.subjects.allProjectIds.length - delivered.rows.length },
    leftOut,
  };
}

/** The name people say. */
export async function scopeName({ load }: Context, scope: ReviewScope): Promise<string> {
  if (scope.kind === 'PORTFOLIO') return 'the whole portfolio';
  if (scope.kind === 'TEAM') return `the team ${scope.team}`;
  const row = await load.entity(scope.kind === 'PERSON' ? 'person' : 'client', scope.id);
  return String(row?.['name'] ?? 'somebody without a name');
}

/** Says rows in words. Every name is asked for at once, so that those of a kind are read together. */
export function wordsOf(context: Context, now: string) {
  const { load, kinds } = context;
  const name = async (kind: KindName, id: unknown): Promise<string> =>
    typeof id === 'string' ? nameOf(await load.entity(kind, id)) : '';
  const value = async ({ kind, field }: Movement, of: JsonValue): Promise<string> => {
    if (of === null) return '';
    const target = field === null ? undefined : kinds[kind].fields[field]?.target;
    if (target !== undefined) return name(target as KindName, of);
    if (typeof of === 'object') return moneyText(of as unknown as MoneyValue);
    return field === 'state' || field === 'status' ? spokenCode(String(of)) : String(of);
  };
  const amountField = kinds.opportunity.fields['amount'];
  const amountOf = amountField ? fieldReader('amount', amountField) : () => null;
  return {
    name,
    movement: async (of: Movement): Promise<RowOf<'movements'>> => {
      const [record, before, after, person] = await Promise.all([
        name(of.kind, of.id),
        value(of, of.before),
        value(of, of.after),
        personOf(of, context),
      ]);
      return { ...of, record, before, after, who: nameOf(person) || (of.by ?? '') };
    },
    question: async ({ severity, text, subject }: Question): Promise<RowOf<'questions'>> => ({
      severity,
      text,
      record: await name(subject.kind, subject.id),
    }),
    point: async (of: OpenPoint): Promise<RowOf<'points'>> => ({
      kind: of.kind,
      title: of.title ?? '',
      ageDays: ageInDays({ raisedAt: of.raised_at && instantText(of.raised_at), closedAt: null }, now),
      due: of.due,
      owner: await name('person', of.owner_id),
    }),
    deal: async (row: Row): Promise<RowOf<'deals'>> => {
      const [client, owner] = await Promise.all([name('client', row['client_id']), name('person', row['owner_id'])]);
      return {
        name: nameOf(row),
        client,
        owner,
        stage: textOf(row['stage'] ?? row['state']),
        amount: amountOf(row) as MoneyValue | null,
        closeDate: textOf(row['close_date']),
      };
    },
    project: async (row: Row): Promise<RowOf<'projects'>> => {
      const [client, manager] = await Promise.all([
        name('client', row['client_id']),
        name('person', row['manager_id']),
      ]);
      return { name: nameOf(row), client, manager, status: textOf(row['status']), end: textOf(row['end']) };
    },
  };
}

function nameOf(row: Row | null): string {
  return textOf(row?.['name'] ?? row?.['title'] ?? row?.['key']);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
