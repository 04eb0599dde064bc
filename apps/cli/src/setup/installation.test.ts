import { silentLogger } from '@plumbline/connector';
import { openHub } from '@plumbline/hub';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../../../packages/hub/test/database.ts';
import { memoryConnector } from '../../../../packages/hub/test/memory-connector.ts';
import { officeScript } from '../../../../packages/hub/test/office.ts';
import { openInstallation } from './installation.ts';

test('how changes are controlled is read from the configuration, and a wrong setting is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-installation-'));
  try {
    await writeFile(
      join(folder, 'plumbline.config.ts'),
      `export default { sources: [], changeControl: { marginFloor: 'a fifth' } };\n`,
    );
    const opened = openInstallation({
      data: 'data',
      config: undefined,
      wishes: {},
      environment: { DATABASE_URL: undefined },
      logger: silentLogger,
      folder,
    });
    await expect(opened).rejects.toMatchObject({
      code: 'BAD_CONFIG',
      message: 'changeControl.marginFloor: wants a ratio such as "0.20".',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const embedded = process.env['PLUMBLINE_TEST_DATABASE_URL'] === undefined;

test.skipIf(embedded)('the sandbox company does not move into a server that holds what others have read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-installation-'));
  const database = await emptyDatabase({ durable: true });
  const { target } = database;
  const connector = memoryConnector('jira', officeScript());
  const sources = [{ id: 'jira', connector, config: {}, secrets: {} }];
  try {
    if (target.engine !== 'postgresql') throw new Error('a server is there');
    const hub = await openHub({ database: target, sources, logger: silentLogger });
    await hub.sync();
    await hub.close();
    const opened = openInstallation({
      data: 'data',
      config: undefined,
      wishes: {},
      environment: { DATABASE_URL: target.url },
      logger: silentLogger,
      folder,
    });
    await expect(opened).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining('holds data') });
  } finally {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
});
