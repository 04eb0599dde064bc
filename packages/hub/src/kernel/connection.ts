import { sql } from 'kysely';
import { randomUUIDv7 } from 'node:crypto';
import type { Asked } from './asked.ts';
import type { Row } from './columns.ts';
import {
  countList,
  encodeCursor,
  planList,
  readList,
  readListOfEach,
  type ListArguments,
  type ListPage,
  type ListPlan,
} from './list.ts';
import type { Listable } from './listable.ts';
import type { Rows } from './database.ts';
import type { LoadedList } from './loaders.ts';

/** A Relay connection over rows. */
export interface RowConnection {
  nodes: readonly Row[];
  edges: { cursor: string; node: Row }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  count(): number | Promise<number>;
}

/** A list over everything of a type. */
export async function connectAll(
  rows: Rows,
  input: { of: Listable; arguments: ListArguments; asked: Asked },
): Promise<RowConnection> {
  const plan = planList(input.of, input.arguments, input.asked);
  if (input.arguments.asOf && input.asked.total)
    return connectLoaded({ plan, page: () => readPageAndTotal(rows, plan) });
  return connect(plan, await readList(rows, plan), () => countList(rows, plan));
}

/** In one statement, since what was has to be put together for both. */
async function readPageAndTotal(rows: Rows, plan: ListPlan): Promise<ListPage> {
  const [page] = await readListOfEach(rows, { plan, belonging: sql`true`, parents: [randomUUIDv7()] });
  if (!page) throw new Error('a list was not read');
  return page;
}

/** A list that hangs on a parent; its total comes with its page. */
export async function connectLoaded(list: LoadedList): Promise<RowConnection> {
  const page = await list.page();
  return connect(list.plan, page, () => {
    if (page.total === null) throw new Error('the total was not read with the page');
    return page.total;
  });
}

/** Its cursor is worked out when it is asked for: most queries want one of them, or none. */
class RowEdge {
  readonly node: Row;
  readonly #plan: ListPlan;

  constructor(plan: ListPlan, node: Row) {
    this.#plan = plan;
    this.node = node;
  }

  get cursor(): string {
    return encodeCursor(this.#plan, this.node);
  }
}

function connect(plan: ListPlan, page: ListPage, count: RowConnection['count']): RowConnection {
  const { rows, hasMore } = page;
  const cursorAt = (row: Row | undefined): string | null => (row ? encodeCursor(plan, row) : null);
  return {
    nodes: rows,
    get edges() {
      return rows.map((node) => new RowEdge(plan, node));
    },
    count,
    pageInfo: {
      hasNextPage: plan.backward ? plan.cursorGiven : hasMore,
      hasPreviousPage: plan.backward ? hasMore : plan.cursorGiven,
      get startCursor() {
        return cursorAt(rows[0]);
      },
      get endCursor() {
        return cursorAt(rows.at(-1));
      },
    },
  };
}
