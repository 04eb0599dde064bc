import { parseArgs } from 'node:util';
import { emptyDatabase } from '../../packages/hub/test/database.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'plumbline' },
    seeds: { type: 'string', default: '1' },
    days: { type: 'string', default: '14' },
    edits: { type: 'string', default: '200' },
    projects: { type: 'string', default: '60' },
  },
});

let failed = 0;
for (let number = 1; number <= Number(values.seeds); number += 1) {
  const seed = values.seeds === '1' ? values.seed : `${values.seed}-${number}`;
  const [soaked, fresh] = [await emptyDatabase({ durable: true }), await emptyDatabase({ durable: false })];
  try {
    const report = await soak({
      seed,
      days: Number(values.days),
      editsADay: Number(values.edits),
      projects: Number(values.projects),
      databases: { soaked: soaked.target, fresh: fresh.target },
      onDay: (line) => console.log(`${seed}, ${line}`),
    });
    const { differences, ...figures } = report;
    console.log(seed, figures, differences.length === 0 ? 'the same graph' : 'DIFFERENT');
    for (const difference of differences) console.log(`  ${difference}`);
    if (differences.length > 0) failed += 1;
  } finally {
    await soaked.drop();
    await fresh.drop();
  }
}
process.exitCode = failed === 0 ? 0 : 1;
