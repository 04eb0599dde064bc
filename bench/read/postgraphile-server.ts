import { createServer, type Server } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

/** The hub's tables have no foreign keys, since a reference may arrive before what it means; PostGraphile is told of them. */
const foreignKeys = `
  comment on table change_request is E'@foreignKey (project_id) references project (id)';
  comment on table project_link is E'@foreignKey (project_id) references project (id)\\n@foreignKey (opportunity_id) references opportunity (id)'`;

/** PostGraphile 5 over the same tables, with its defaults. */
export async function postgraphileServer(url: string): Promise<Server> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(foreignKeys);
  await client.end();
  const instance = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({ connectionString: url, schemas: ['public'] })],
    grafserv: { graphiql: false, watch: false },
    grafast: { explain: false },
  });
  const handler = instance.createServ(grafserv);
  const server = createServer();
  await handler.addTo(server);
  server.once('close', () => void instance.release());
  return server;
}
