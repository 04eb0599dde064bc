import { OpenAPIBackend, type Document, type Operation } from 'openapi-backend';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  path: string;
  /** With its question mark; empty when there is none. */
  query: string;
  requestHeaders: Headers;
  requestBody: string;
  status: number;
  responseHeaders: Headers;
  responseBody: string;
}

/** A vendor's OpenAPI document, ready to judge exchanges. */
export interface Contract {
  /** What a request asks for, as the document writes it: `GET /things/{id}`; null when the document has no such thing. */
  operation(request: Pick<Exchange, 'method' | 'path'>): string | null;
  /** A sentence for each breach of the contract; empty when both sides keep it. */
  breaches(exchange: Exchange): string[];
}

interface Fault {
  instancePath: string;
  message?: string | undefined;
  params: unknown;
}

/** The most faults reported of one message: a page of 100 records that are all wrong says so in a few lines. */
const reported = 5;

/** Reads an OpenAPI 3.0 document; the validators of an operation are compiled when it is first seen. */
export async function openContract(document: Document): Promise<Contract> {
  const backend = new OpenAPIBackend({
    definition: document,
    quick: true,
    ajvOpts: { strict: false, allErrors: true, validateFormats: false, logger: false },
  });
  await backend.init();
  return {
    operation({ method, path }) {
      const operation = backend.matchOperation({ method, path, headers: {} });
      return operation ? `${method} ${operation.path}` : null;
    },
    breaches(exchange) {
      const operation = backend.matchOperation({ method: exchange.method, path: exchange.path, headers: {} });
      const call = `${exchange.method} ${exchange.path}`;
      if (!operation) return [`${call}: the contract has no such operation`];
      return [
        ...requestBreaches(backend, operation, exchange).map((breach) => `${call} asks: ${breach}`),
        ...answerBreaches(backend, operation, exchange).map(
          (breach) => `${call} answers ${exchange.status}: ${breach}`,
        ),
      ];
    },
  };
}

function requestBreaches(backend: OpenAPIBackend, operation: Operation, exchange: Exchange): string[] {
  // An emulator that refuses a request has told the client already; what was refused need not be well formed.
  if (exchange.status === 400) return [];
  const query = new URLSearchParams(exchange.query);
  const { errors } = backend.validateRequest(
    {
      method: exchange.method,
      path: exchange.path,
      headers: Object.fromEntries(exchange.requestHeaders),
      query: Object.fromEntries([...new Set(query.keys())].map((name) => [name, queryValue(operation, name, query)])),
      ...(exchange.requestBody === '' ? {} : { body: exchange.requestBody }),
    },
    operation,
  );
  return describe(errors ?? [], 'request');
}

/** Arrays stay arrays when they hold one value: in a URL the two look alike. */
function queryValue(operation: Operation, name: string, query: URLSearchParams): string | string[] {
  const values = query.getAll(name);
  const parameter = (operation.parameters ?? []).find(
    (candidate) => 'name' in candidate && candidate.in === 'query' && candidate.name === name,
  );
  const schema = parameter && 'schema' in parameter ? parameter.schema : undefined;
  const isArray = schema !== undefined && 'type' in schema && schema.type === 'array';
  return isArray || values.length > 1 ? values : (values[0] ?? '');
}

function answerBreaches(backend: OpenAPIBackend, operation: Operation, exchange: Exchange): string[] {
  const { status, responseBody } = exchange;
  const responses: Record<string, unknown> = operation.responses ?? {};
  const listed = [String(status), `${Math.floor(status / 100)}XX`, 'default'].find((name) => name in responses);
  // Contracts seldom list every error; a success they do not list is one that clients do not expect.
  if (listed === undefined) return status < 400 ? ['the contract does not list this status'] : [];
  const type = exchange.responseHeaders.get('content-type') ?? '';
  const response = responses[listed] as { content?: Record<string, unknown> };
  const wantsJson = response.content !== undefined && 'application/json' in response.content;
  if (responseBody === '') return wantsJson && status < 400 ? ['the body is empty, the contract wants JSON'] : [];
  if (!wantsJson) return [];
  if (!/\bjson\b/.test(type)) return [`the content type is "${type}", the contract wants application/json`];
  let body: unknown;
  try {
    body = JSON.parse(responseBody);
  } catch {
    return ['the body is not JSON'];
  }
  return describe(backend.validator.validateResponse(body, operation, status).errors ?? [], 'body');
}

function describe(faults: readonly Fault[], within: 'request' | 'body'): string[] {
  const sentences = faults.map(({ instancePath, message, params }) => {
    const place = (within + instancePath).replace(/^request\/requestBody/, 'body').replace(/^request\//, '');
    return `${place} ${message ?? 'is wrong'}${hint(params)}`;
  });
  if (sentences.length <= reported) return sentences;
  return [...sentences.slice(0, reported), `and ${sentences.length - reported} more of this kind`];
}

/** Ajv leaves the offending name out of "must NOT have additional properties" and the values out of an enum. */
function hint(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  if ('additionalProperty' in params) return ` (${String(params.additionalProperty)})`;
  if ('allowedValues' in params) return ` (${JSON.stringify(params.allowedValues)})`;
  return '';
}
