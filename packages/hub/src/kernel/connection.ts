import type { Row } from './columns.ts';
import {
  countList,
  encodeCursor,
  planList,
  readList,
  type ListArguments,
  type ListPage,
  type ListPlan,
} from './list.ts';
import type { Listable } from './listable.ts';
import type { Rows } from './database.ts';
import type { LoadedList } from './loaders.ts';

/** A Relay connection over rows. */
export interface RowConnection {
  edges: { cursor: string; node: Row }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  count(): Promise<number>;
}

/** A list over everything of a type. */
export async function connectAll(
  rows: Rows,
  input: { of: Listable; arguments: ListArguments; columns: readonly string[] | null },
): Promise<RowConnection> {
  const plan = planList(input.of, input.arguments, input.columns);
  return connect(plan, await readList(rows, plan), () => countList(rows, plan));
}

/** A list that hangs on a parent. */
export async function connectLoaded(list: LoadedList): Promise<RowConnection> {
  return connect(list.plan, await list.page(), list.count);
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

function connect(plan: ListPlan, page: ListPage, count: () => Promise<number>): RowConnection {
  const edges = page.rows.map((node) => new RowEdge(plan, node));
  return {
    edges,
    count,
    pageInfo: {
      hasNextPage: plan.backward ? plan.cursorGiven : page.hasMore,
      hasPreviousPage: plan.backward ? page.hasMore : plan.cursorGiven,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
  };
}
