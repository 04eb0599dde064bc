import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { readJson, type Transport } from '@plumbline/connector';
import { pathIn, type ApiVersion } from './versions.ts';

/** The part of a generated `HttpInfo` that is used: the body as it came, before the client makes its models of it. */
export interface WithBody {
  body: { text(): Promise<string> };
}

export interface HubSpotApis {
  objects: objects.BasicApi;
  batch: objects.BatchApi;
  search: objects.SearchApi;
  associations: associations.BatchApi;
  owners: owners.OwnersApi;
  pipelines: pipelines.PipelinesApi;
  properties: properties.CoreApi;
  /** For what the official client has no class. */
  get(path: string): Promise<unknown>;
}

interface Connection {
  http: Transport;
  address: string;
  version: ApiVersion;
  /** Absent where the transport brings one. */
  accessToken?: string | undefined;
}

/**
 * The official client's API classes, sent through our transport. Built from the generated classes and not from
 * `new Client()`: that one brings a limiter and retries shared by all accounts of the process.
 */
export function createApis(connection: Connection): HubSpotApis {
  const { http, address } = connection;
  const configure = <Configuration>(module: object): Configuration =>
    configurationFor(module as Generated, connection) as Configuration;
  const forObjects = configure<objects.Configuration>(objects);
  return {
    objects: new objects.BasicApi(forObjects),
    batch: new objects.BatchApi(forObjects),
    search: new objects.SearchApi(forObjects),
    associations: new associations.BatchApi(configure<associations.Configuration>(associations)),
    owners: new owners.OwnersApi(configure<owners.Configuration>(owners)),
    pipelines: new pipelines.PipelinesApi(configure<pipelines.Configuration>(pipelines)),
    properties: new properties.CoreApi(configure<properties.Configuration>(properties)),
    async get(path) {
      const headers = { accept: 'application/json', ...authorizationOf(connection) };
      return readJson(await http.fetch(address + path, { headers }, callOf(path)), 'hubspot');
    },
  };
}

/** The JSON of an answer with every member it had: the client's own models drop unknown ones and turn dates into `Date`. */
export async function rawBody(answer: Promise<WithBody>): Promise<unknown> {
  return JSON.parse(await (await answer).body.text());
}

/** Every generated module has its own copy of these, alike but for their private members' identity. */
type Generated = Pick<
  typeof objects,
  'createConfiguration' | 'ResponseContext' | 'ServerConfiguration' | 'wrapHttpLibrary'
>;

function configurationFor(module: Generated, connection: Connection): unknown {
  const { http, address } = connection;
  return module.createConfiguration({
    baseServer: new module.ServerConfiguration(address, {}),
    httpApi: module.wrapHttpLibrary({
      async send(request) {
        const url = addressIn(connection, request.getUrl());
        const body = request.getBody();
        const response = await http.fetch(
          url,
          {
            method: request.getHttpMethod(),
            headers: { ...request.getHeaders(), ...authorizationOf(connection) },
            ...(typeof body === 'string' ? { body } : {}),
          },
          callOf(new URL(url).pathname),
        );
        const text = await response.text();
        return new module.ResponseContext(response.status, Object.fromEntries(response.headers), {
          text: async () => text,
          binary: async () => Buffer.from(text),
        });
      },
    }),
  });
}

/** The generated classes write paths of v3 and v4. */
function addressIn({ address, version }: Connection, written: string): string {
  const { pathname, search } = new URL(written);
  const prefix = new URL(address).pathname.replace(/\/$/, '');
  return new URL(written).origin + prefix + pathIn(version, pathname.slice(prefix.length)) + search;
}

function authorizationOf({ accessToken }: Connection): Record<string, string> {
  return accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
}

/** Everything sent here reads, also by POST, so everything may be sent again. Search has a quota of its own. */
function callOf(path: string): { endpointClass: string; idempotent: boolean } {
  return { endpointClass: path.endsWith('/search') ? 'search' : 'crm', idempotent: true };
}
