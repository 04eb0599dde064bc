import { join } from 'node:path';
import { BadName, createConnector, nextSteps } from './create-connector.ts';

const [name] = process.argv.slice(2);
try {
  await createConnector(name, join(import.meta.dirname, '../../../plugins'));
  process.stdout.write(`${nextSteps(name ?? '')}\n`);
} catch (error) {
  if (!(error instanceof BadName)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
