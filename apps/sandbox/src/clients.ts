import type { Random } from '@plumbline/emulator';
import type { Client, Person } from './plan.ts';
import { clientMismatches } from './planted.ts';
import { regions } from './regions.ts';

const clientsPerDivision = 40;

/** The clients of one division; each is told apart by its domain. */
export function planClients(random: Random, division: number, sellers: readonly Person[]): Client[] {
  const stems = shuffled(
    random,
    regions.flatMap((region) => region.clientStems.map((stem) => ({ region, stem }))),
  );
  return Array.from({ length: clientsPerDivision }, (_, index) => {
    const { region, stem } = stems[index % stems.length] ?? random.pick(stems);
    const again = Math.floor(index / stems.length);
    const trade = region.clientTrades[(index + again) % region.clientTrades.length] ?? '';
    const name = `${stem[0]} ${trade}${division === 0 ? '' : ` (${division})`}`;
    const domain = `${stem[1]}${again === 0 ? '' : `-${again + 1}`}${division === 0 ? '' : `-d${division}`}.example`;
    const number = division * 1_000 + index + 1;
    return {
      number,
      name,
      companyId: String(18_000_000_000 + number),
      domain,
      region,
      owner: random.pick(sellers),
      listed: listed(index, name, domain, stem[0]),
    };
  });
}

/** The finance sheet knows most clients, a few of them under a name that nobody told it had changed. */
function listed(index: number, name: string, domain: string, stem: string): Client['listed'] {
  const { names, domains } = clientMismatches;
  if (index < names)
    return { name: ['Formerly: Orion Holding', '旧社名ベータ', 'K. & S. Beteiligungen'][index] ?? stem, domain };
  if (index < names + domains) return { name, domain: `group-${domain}` };
  return index % 5 === 4 ? null : { name, domain };
}

export function shuffled<Value>(random: Random, values: readonly Value[]): Value[] {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = random.integer(0, last);
    const moved = mixed[last] as Value;
    mixed[last] = mixed[other] as Value;
    mixed[other] = moved;
  }
  return mixed;
}
