import { serve, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Document } from 'openapi-backend';
import { openContract, type Contract, type Exchange } from './contract.ts';

export interface ContractProxyOptions {
  /** Path of an OpenAPI 3.0 document in JSON. */
  document: string;
  /** Further documents, read or by their paths, for what the first one leaves out. */
  more?: readonly (string | Document)[];
  /** Address of the emulator, without a trailing slash. */
  target: string;
  /** The path under which a document has what is asked for; the path itself when absent. */
  pathOf?(path: string): string;
}

export interface ContractProxy {
  /** Where the client under test is pointed, without a trailing slash. */
  readonly url: string;
  /** One sentence for each breach so far, in the order they were seen; requests under `/__control/` are not looked at. */
  readonly violations: string[];
  /** What was asked for so far, as the documents write it: `GET /things/{id}`. */
  readonly operations: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Headers that belong to one connection and are not passed on; fetch has already undone any compression. */
const ownHeaders = ['connection', 'content-encoding', 'content-length', 'host', 'keep-alive', 'transfer-encoding'];

/**
 * Stands between a client and an emulator on loopback, passes everything on unchanged, and writes down where either of
 * them breaks the vendor's contract.
 */
export async function startContractProxy(options: ContractProxyOptions): Promise<ContractProxy> {
  const { document, more = [], target, pathOf = (path: string) => path } = options;
  const contracts = await Promise.all([document, ...more].map(readContract));
  const violations: string[] = [];
  const operations = new Set<string>();
  const judge = (exchange: Exchange): void => {
    const contract = contracts.find((each) => each.operation(exchange) !== null) ?? contracts[0];
    const operation = contract?.operation(exchange);
    if (operation) operations.add(operation);
    violations.push(...(contract?.breaches(exchange) ?? []));
  };
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const started = serve(
      {
        fetch: (request: Request, bindings: unknown) =>
          forward({ request, target, pathOf, judge }, bindings as HttpBindings),
        hostname: '127.0.0.1',
        port: 0,
        overrideGlobalObjects: false,
      },
      () => resolve(started),
    );
    started.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    violations,
    operations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

async function readContract(document: string | Document): Promise<Contract> {
  return openContract(typeof document === 'string' ? JSON.parse(await readFile(document, 'utf8')) : document);
}

interface Forwarded {
  request: Request;
  target: string;
  pathOf(path: string): string;
  judge(exchange: Exchange): void;
}

async function forward(forwarded: Forwarded, { outgoing }: HttpBindings): Promise<Response> {
  const { request, target, pathOf, judge } = forwarded;
  const { pathname, search } = new URL(request.url);
  const requestBody = await request.text();
  const aborted = new AbortController();
  outgoing.once('close', () => aborted.abort());
  try {
    const response = await fetch(target + pathname + search, {
      method: request.method,
      headers: without(request.headers, ownHeaders),
      redirect: 'manual',
      signal: aborted.signal,
      ...(requestBody === '' ? {} : { body: requestBody }),
    });
    const body = await response.arrayBuffer();
    const exchange: Exchange = {
      method: request.method,
      path: pathOf(pathname),
      query: search,
      requestHeaders: request.headers,
      requestBody,
      status: response.status,
      responseHeaders: response.headers,
      responseBody: new TextDecoder().decode(body),
    };
    if (!pathname.startsWith('/__control/')) judge(exchange);
    const empty = body.byteLength === 0;
    return new Response(empty ? null : body, {
      status: response.status,
      headers: without(response.headers, ownHeaders),
    });
  } catch {
    // The emulator dropped the connection or cut its answer, as a fault told it to: the client sees the same.
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
}

function without(headers: Headers, names: readonly string[]): Headers {
  const kept = new Headers(headers);
  for (const name of names) kept.delete(name);
  return kept;
}
