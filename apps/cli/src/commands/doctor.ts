import { Ended } from '../failure.ts';
import { openInstallation } from '../setup/installation.ts';
import { installOptions, type CommandContext, type CommonFlags } from './command.ts';
import { mappingFindings, offersOf } from './mapping.ts';
import { appliedMigrations } from './migrate.ts';

export interface DoctorFlags extends CommonFlags {
  accept?: boolean;
}

/** Looks at everything a sync depends on and says what to do; throws Ended when something is wrong. */
export async function doctor(context: CommandContext, flags: DoctorFlags, sourceId?: string): Promise<void> {
  const { console } = context;
  // The database is the first thing that is looked at: opening it throws with what to do.
  const installation = await openInstallation(installOptions(context, flags));
  try {
    const { hub, sandbox } = installation;
    const applied = await appliedMigrations(hub.database);
    const where = hub.database.target.engine === 'pglite' ? `embedded in ${flags.data}` : 'PostgreSQL server';
    const database = {
      subject: 'database',
      ok: true,
      message: `${where}, up to date (${applied.length} migrations)`,
      remedy: '',
    };
    const sources = await Promise.all(
      (await hub.check(sourceId)).map(async (source) => {
        const mapping = await mappingFindings(hub, source, flags.accept ?? false);
        const { unmapped } = mapping;
        return { ...source, checks: [...source.checks, ...mapping.checks], unmapped, offers: offersOf(mapping) };
      }),
    );
    const ok = sources.every(({ checks }) => checks.every((check) => check.ok));
    if (console.json) console.emit({ ok, sandbox: sandbox !== null, database, sources });
    console.say(`✓ ${database.subject}: ${database.message}`);
    if (sandbox) console.say('✓ configuration: none, so the sandbox company is used; see plumbline.config.example.ts');
    for (const { sourceId: id, checks, offers } of sources) {
      for (const { ok: good, subject, message, remedy } of checks) {
        console.say(`${good ? '✓' : '✗'} ${id} ${subject}: ${message}`);
        if (!good) console.say(`    ${remedy}`);
      }
      for (const offer of offers) console.say(`· ${id} ${offer}`);
    }
    if (!ok) throw new Ended(1);
  } finally {
    await installation.close();
  }
}
