import { exact, none, ratio, whenKnown } from '../kernel/figure.ts';
import { decimal } from '../kernel/decimal.ts';
import { defineMetric, type DecimalInput } from '../kernel/metric.ts';

export const discountOnList = defineMetric<{ listPrice: DecimalInput; price: DecimalInput }>({
  name: 'discountOnList',
  description: 'How far a change is offered below its list price, as a share of that.',
  unit: 'RATIO',
  formula: 'max(0, listPrice - price) / listPrice',
  edge: '0 at or above the list price. None for a list price that is not above 0 and yet above the price.',
  inputs: { listPrice: 'What it would cost by the price list.', price: 'What the client would pay.' },
  oracles: [
    { inputs: { listPrice: '12500', price: '12000' }, value: '0.04' },
    { inputs: { listPrice: '10000', price: '10000.01' }, value: '0' },
    { inputs: { listPrice: '10000', price: '-100' }, value: '1.01' },
    { inputs: { listPrice: '0', price: '0' }, value: '0' },
    { inputs: { listPrice: '0', price: '-100' }, value: null },
    { inputs: { listPrice: null, price: '100' }, value: null },
  ],
  compute: whenKnown(
    ({ listPrice, price }) => {
      if (price.greaterThanOrEqualTo(listPrice)) return exact(decimal(0));
      if (!listPrice.greaterThan(0)) return none('The list price is not above 0.');
      return ratio(listPrice.minus(price), { of: listPrice, called: 'The list price' });
    },
    { listPrice: 'The list price is not known.', price: 'The price is not known.' },
  ),
});
