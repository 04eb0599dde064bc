import { defineConnector, diagnoseHttp, type Connector } from '@plumbline/connector';
import { z } from 'zod';
import { checkFiles } from './check.ts';
import { configSchema, type FilesConfig } from './config.ts';
import { dialect } from './dialect.ts';
import { inventory } from './inventory.ts';
import { setup } from './setup.ts';
import { tableStreams, type FilesSecrets } from './table-stream.ts';

/** CSV and JSON files in a folder, each mapped to a kind by configuration. */
export const files: Connector = defineConnector<FilesConfig, FilesSecrets>({
  name: 'files',
  title: 'CSV and JSON files',
  config: configSchema,
  secrets: z.strictObject({}).prefault({}),
  keySchemes: [dialect.rowScheme],
  // No vendor is called, so there is no budget to keep and no answer to make out.
  limits: () => ({}),
  diagnose: (answer, source) => diagnoseHttp(source, answer),
  secretTexts: () => [],
  check: checkFiles,
  inventory,
  setup,
  streams: [tableStreams],
});
