/**
 * Every operation that the connector calls, as contracts write them. The contract test sees each of them; every other test
 * fails when one is called that is not here.
 */
export const operations = [
  'GET /drive/v3/files/{fileId}',
  'POST /drive/v3/files/{fileId}/watch',
  'POST /drive/v3/channels/stop',
  'GET /v4/spreadsheets/{spreadsheetId}',
  'POST /v4/spreadsheets/{spreadsheetId}:getByDataFilter',
  'POST /v4/spreadsheets/{spreadsheetId}/values:batchGetByDataFilter',
];
