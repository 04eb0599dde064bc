import { silentLogger } from '@plumbline/connector';
import { createApi, openHub } from '@plumbline/hub';
import { startServer } from '@plumbline/server';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postgraphileServer } from './postgraphile-server.ts';
import { rawServer } from './raw-server.ts';

// One server in a process of its own: `node serve.ts hub|raw|postgraphile DATABASE_URL` prints where it listens.
const [, , which, url] = process.argv;
if (!url) throw new Error('usage: serve.ts hub|raw|postgraphile DATABASE_URL');
console.log(await serve(which ?? '', url));

async function serve(which: string, url: string): Promise<string> {
  switch (which) {
    case 'hub': {
      const hub = await openHub({ database: { engine: 'postgresql', url }, sources: [], logger: silentLogger });
      const server = await startServer({
        api: createApi(hub),
        port: 0,
        host: '127.0.0.1',
        apiKeys: [],
        logger: silentLogger,
      });
      return server.url;
    }
    case 'raw':
      return listen(rawServer(url));
    case 'postgraphile':
      return listen(await postgraphileServer(url));
    default:
      throw new Error(`there is no server "${which}"`);
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
