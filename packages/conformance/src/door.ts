import type { Hub } from '@plumbline/hub';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where vendors reach the hub of a bench, over real HTTP. */
export interface Door {
  /** Without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Hands vendors' requests to the hub as the server does: path and headers as they were sent, and the very bytes. */
export async function openDoor(receive: Hub['webhooks']['receive']): Promise<Door> {
  const server = createServer((request, response) => {
    void take(request, receive).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function take(request: IncomingMessage, receive: Hub['webhooks']['receive']): Promise<number> {
  const { method = '', url: path = '' } = request;
  const headers = new Headers(
    Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  const sourceId = path.split('/')[2] ?? '';
  return (await receive(sourceId, { method, path, headers, body })).status;
}
