/**
 * Every operation that the connector calls, as contracts write them. The contract test sees each of them; every other test
 * fails when one is called that is not here.
 */
export const operations = [
  'POST /oauth/v1/token',
  'GET /account-info/v3/details',
  'GET /settings/v3/currencies/exchange-rates',
  'GET /crm/v3/owners',
  'GET /crm/v3/pipelines/{objectType}',
  'GET /crm/v3/properties/{objectType}',
  ...['deals', 'companies', 'line_items'].flatMap((type) => [
    `GET /crm/v3/objects/${type}`,
    `POST /crm/v3/objects/${type}/search`,
    `POST /crm/v3/objects/${type}/batch/read`,
  ]),
  'POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/read',
];
