import { expect, test } from 'vitest';
import { readCheckInSettings } from './check-ins.settings.ts';

test('what is not given is as usual', () => {
  expect(readCheckInSettings({ questions: { pushes: 3 } })).toEqual({
    viewDays: 7,
    leadership: [],
    questions: {
      pushes: 3,
      manyPushes: 3,
      stageAgeing: '2',
      quietDays: 14,
      silentDays: 30,
      amountShare: '0.1',
      amountDays: 30,
      confidenceGap: '0.3',
    },
  });
});

test('a wrong setting is named', () => {
  expect(() => readCheckInSettings({ questions: { confidenceGap: '30 %' } })).toThrow(
    'checkIns.questions.confidenceGap: wants a ratio as text, such as "0.3".',
  );
  expect(() => readCheckInSettings({ viewDays: 0 })).toThrow('checkIns.viewDays');
  // At 23:45 the hub looks for the last time in a day.
  expect(() => readCheckInSettings({ reminders: { at: '23:50' } })).toThrow(
    'checkIns.reminders.at: wants a time up to "23:45".',
  );
  expect(readCheckInSettings({ reminders: { at: '23:45' } }).reminders?.at).toBe('23:45');
});
