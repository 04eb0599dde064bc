import { decimal } from '../kernel/decimal.ts';
import { exact, rounded, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput } from '../kernel/metric.ts';

export const missedReportCount = defineMetric<{ missedOn: readonly string[] | null }>({
  name: 'missedReports',
  description: 'How many reports that the statement of work promises were not there on their day.',
  unit: 'COUNT',
  formula: 'count(missedOn)',
  edge: 'A report is missed from the day behind the one it is due on; one that is taken late ends the count.',
  inputs: { missedOn: 'The days on which a report was due since the last one, and none was taken.' },
  oracles: [
    { inputs: { missedOn: ['2026-03-20', '2026-04-03'] }, value: '2' },
    { inputs: { missedOn: [] }, value: '0' },
    { inputs: { missedOn: null }, value: null },
  ],
  compute: whenKnown(({ missedOn }) => exact(decimal(missedOn.length))),
});

export const unsentReportDays = defineMetric<{ waitingSeconds: CountInput }>({
  name: 'unsentReportDays',
  description: 'For how many days a client has been waiting for a report that was taken and not sent.',
  unit: 'DAYS',
  formula: 'waitingSeconds / 86400',
  edge: 'None when no such report waits. A report is sent when somebody says so.',
  inputs: {
    waitingSeconds:
      'Seconds from the day by which the client was to have a report, counted from the last one that was sent, to the day of asking.',
  },
  oracles: [
    { inputs: { waitingSeconds: 259_200 }, value: '3' },
    { inputs: { waitingSeconds: null }, value: null },
  ],
  compute: whenKnown(({ waitingSeconds }) => rounded(waitingSeconds.div(86_400)), {
    waitingSeconds: 'No report waits to be sent.',
  }),
});
