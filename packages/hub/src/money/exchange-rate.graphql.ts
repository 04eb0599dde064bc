import type { Graph } from '../kernel/graph.ts';
import { exchangeRate } from './exchange-rate.ts';

export function addExchangeRates(graph: Graph): void {
  graph.addKind(exchangeRate, {
    plural: 'exchangeRates',
    description: 'What one currency buys of another from a day on.',
  });
}
