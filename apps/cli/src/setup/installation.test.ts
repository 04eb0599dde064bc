import { silentLogger } from '@plumbline/connector';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
