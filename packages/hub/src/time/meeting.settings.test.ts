import { expect, test } from 'vitest';
import { readMeetingSettings, type MeetingOptions } from './meeting.settings.ts';

test('a list that is given takes the place of its default, and an empty one tells nothing', () => {
  expect(readMeetingSettings({ labels: ['jour-fixe'], notes: [] })).toEqual({
    labels: ['jour-fixe'],
    types: ['Status meeting'],
    notes: [],
  });
});

test.each([
  [{ notes: [' '] }, 'statusMeetings.notes.0: wants words that are not empty.'],
  [{ words: ['status'] }, 'statusMeetings: Unrecognized key: "words".'],
])('%j is refused by the name of the setting', (options, message) => {
  expect(() => readMeetingSettings(options as MeetingOptions)).toThrow(message);
});
