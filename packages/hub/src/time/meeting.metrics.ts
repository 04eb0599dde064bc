import { ratio, whenKnown } from '../kernel/figure.ts';
import { defineMetric, type CountInput } from '../kernel/metric.ts';

export const statusMeetingShare = defineMetric<{ meetingSeconds: CountInput; workedSeconds: CountInput }>({
  name: 'statusMeetingShare',
  description: 'How much of the worked time went into meetings about how things stand.',
  unit: 'RATIO',
  formula: 'meetingSeconds / workedSeconds',
  edge: 'None when nothing was worked. Only meetings that were logged count, by the words of `statusMeetings` in the configuration.',
  inputs: {
    meetingSeconds: 'Time that was logged for status meetings, in seconds.',
    workedSeconds: 'All worked time, that of meetings too, in seconds.',
  },
  oracles: [
    { inputs: { meetingSeconds: 54_000, workedSeconds: 900_000 }, value: '0.06' },
    { inputs: { meetingSeconds: 0, workedSeconds: 900_000 }, value: '0' },
    { inputs: { meetingSeconds: 0, workedSeconds: 0 }, value: null },
  ],
  compute: whenKnown(({ meetingSeconds, workedSeconds }) =>
    ratio(meetingSeconds, { of: workedSeconds, called: 'The worked time' }),
  ),
});
