import type { Sandbox } from '../../apps/sandbox/src/index.ts';
import type { Fault, Random } from '../../packages/emulator/src/index.ts';

/** One request in so many goes wrong. */
const oneIn = 20;

/** Lets the vendors answer as on a bad day: errors, throttling storms, answers that break off or are no answers. */
export function badWeather(vendors: Pick<Sandbox, 'jira' | 'hubspot' | 'google'>, random: Random): void {
  for (const vendor of [vendors.jira, vendors.hubspot, vendors.google]) {
    vendor.faults.add({
      kind: 'answer',
      status: random.pick([500, 502, 503, 504]),
      after: random.integer(0, oneIn),
      every: oneIn,
    });
    if (random.chance(0.3)) vendor.faults.add(storm(random));
    if (random.chance(0.3))
      vendor.faults.add({
        kind: random.pick(['html', 'truncate', 'reset'] as const),
        after: random.integer(0, 40),
        times: random.integer(1, 3),
      });
  }
}

function storm(random: Random): Fault {
  return {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': String(random.integer(1, 20)) },
    body: { message: 'Too many requests' },
    after: random.integer(0, 30),
    times: random.integer(2, 8),
  };
}

export function clearWeather(vendors: Pick<Sandbox, 'jira' | 'hubspot' | 'google'>): void {
  for (const vendor of [vendors.jira, vendors.hubspot, vendors.google]) vendor.faults.clear();
}
