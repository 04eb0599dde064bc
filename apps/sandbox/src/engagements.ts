import type { Random } from '@plumbline/emulator';
import { quoted } from './money.ts';
import type { Client } from './plan.ts';
import { services } from './words.ts';

/** Something a client buys: each of one client's has another service and a price of another size, so none looks like a duplicate. */
export interface Engagement {
  client: Client;
  service: string;
  /** Deals are called this; projects nearly so. */
  title: string;
  code: string;
  /** In the client's currency. */
  price: number;
}

/** Sizes that are more than a tenth apart from each other, however often they are scaled. */
const sizes = [1, 1.45, 0.66, 2.1, 0.45, 1.2, 1.75, 0.82, 2.55, 0.54, 3.1, 0.37] as const;

/** Hands out what clients buy; the client says whose turn it is. */
export function createMarket(random: Random): (client: Client) => Engagement {
  const sold = new Map<Client, { count: number; offset: number; euros: number }>();
  return (client) => {
    const state = sold.get(client) ?? {
      count: 0,
      offset: random.integer(0, 15),
      euros: random.integer(70, 160) * 1_000,
    };
    const service = services[(state.offset + state.count * 3) % services.length] ?? random.pick(services);
    const size = (sizes[state.count % sizes.length] ?? 1) * 4.2 ** Math.floor(state.count / sizes.length);
    sold.set(client, { ...state, count: state.count + 1 });
    const { language } = client.region;
    const title =
      (language === 'de' || language === 'ja' || language === 'pt' ? service[language] : undefined) ?? service.en;
    return {
      client,
      service: service.en,
      title,
      code: service.code,
      price: quoted(state.euros * size, client.region.currency),
    };
  };
}
