import { serve, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { openContract, type Contract, type Exchange } from './contract.ts';

export interface ContractProxyOptions {
  /** Path of an OpenAPI 3.0 document in JSON. */
  document: string;
  /** Address of the emulator, without a trailing slash. */
  target: string;
}

export interface ContractProxy {
  /** Where the client under test is pointed, without a trailing slash. */
  readonly url: string;
  /** One sentence for each breach so far, in the order they were seen; requests under `/__control/` are not looked at. */
  readonly violations: string[];
  close(): Promise<void>;
}

/** Headers that belong to one connection and are not passed on; fetch has already undone any compression. */
const ownHeaders = ['connection', 'content-encoding', 'content-length', 'host', 'keep-alive', 'transfer-encoding'];

/**
 * Stands between a client and an emulator on loopback, passes everything on unchanged, and writes down where either of
 * them breaks the vendor's contract.
 */
export async function startContractProxy({ document, target }: ContractProxyOptions): Promise<ContractProxy> {
  const contract = await openContract(JSON.parse(await readFile(document, 'utf8')));
  const violations: string[] = [];
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const started = serve(
      {
        fetch: (request: Request, bindings: unknown) =>
          forward({ request, target, contract, violations }, bindings as HttpBindings),
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

interface Forwarded {
  request: Request;
  target: string;
  contract: Contract;
  violations: string[];
}

async function forward(forwarded: Forwarded, { outgoing }: HttpBindings): Promise<Response> {
  const { request, target, contract, violations } = forwarded;
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
      path: pathname,
      query: search,
      requestHeaders: request.headers,
      requestBody,
      status: response.status,
      responseHeaders: response.headers,
      responseBody: new TextDecoder().decode(body),
    };
    if (!pathname.startsWith('/__control/')) violations.push(...contract.breaches(exchange));
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
