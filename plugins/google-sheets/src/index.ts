export {
  configSchema,
  type GoogleSheetsConfig,
  type GoogleSheetsConfigInput,
  type SpreadsheetConfig,
  type TabConfig,
} from './config.ts';
export { googleSheets } from './connector.ts';
export { secretsSchema, type GoogleSheetsSecrets } from './secrets.ts';
