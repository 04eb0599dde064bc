import { createServer, type Server } from 'node:http';
import pg from 'pg';

interface Opportunity {
  project_id: string;
  id: string;
  name: string;
  stage: string;
  state: string;
  closeDate: string;
  amount: string | null;
  currency: string | null;
}

interface ChangeRequest {
  project_id: string;
  total: string;
  id: string;
  key: string;
  title: string;
  state: string;
  submittedAt: string;
  amount: string | null;
  currency: string | null;
  effortDelta: string | null;
}

/** What somebody would write who wants this one answer and nothing else: three statements and `JSON.stringify`. */
export function rawServer(url: string): Server {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const server = createServer((_request, response) => {
    answer(pool).then(
      (body) => response.setHeader('content-type', 'application/json').end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.once('close', () => void pool.end());
  return server;
}

async function answer(pool: pg.Pool): Promise<string> {
  const { rows: projects } = await pool.query<{ id: string }>(
    `select id, name, code, status, start::text as start from project where deleted_at is null order by id limit 50`,
  );
  const ids = projects.map((project) => project.id);
  const [opportunities, requests] = await Promise.all([
    pool.query<Opportunity>(
      `select parent.id as project_id, sold.* from unnest($1::uuid[]) as parent(id) cross join lateral (
         select o.id, o.name, o.amount, o.amount_currency as currency, o.stage, o.state, o.close_date::text as "closeDate"
         from project_link join opportunity o on o.id = opportunity_id
         where project_id = parent.id and project_link.status = 'LINKED' and o.deleted_at is null order by o.id limit 1) as sold`,
      [ids],
    ),
    pool.query<ChangeRequest>(
      `select parent.id as project_id, counted.total, asked.* from unnest($1::uuid[]) as parent(id)
       cross join lateral (select count(*) as total from change_request where project_id = parent.id and deleted_at is null) as counted
       cross join lateral (
         select id, key, title, state, submitted_at::text as "submittedAt", price_delta as amount, price_delta_currency as currency,
                effort_delta as "effortDelta"
         from change_request where project_id = parent.id and deleted_at is null order by id limit 5) as asked`,
      [ids],
    ),
  ]);
  const sold = Map.groupBy(opportunities.rows, (row) => row.project_id);
  const asked = Map.groupBy(requests.rows, (row) => row.project_id);
  return JSON.stringify({
    data: {
      projects: projects.map((project) => ({
        ...project,
        opportunities: (sold.get(project.id) ?? []).map(({ id, name, stage, state, closeDate, amount, currency }) => ({
          id,
          name,
          stage,
          state,
          closeDate,
          amount: { amount, currency },
        })),
        changeRequests: {
          totalCount: Number(asked.get(project.id)?.[0]?.total ?? 0),
          nodes: (asked.get(project.id) ?? []).map(
            ({ id, key, title, state, submittedAt, amount, currency, effortDelta }) => ({
              id,
              key,
              title,
              state,
              submittedAt,
              priceDelta: { amount, currency },
              effortDelta: Number(effortDelta),
            }),
          ),
        },
      })),
    },
  });
}
