import { expect, test } from 'vitest';
import { readCalendars } from '../people/calendar.ts';
import { reminderDay } from './reminder.rules.ts';

const calendars = readCalendars({ Gulf: { days: [7, 1, 2, 3, 4], holidays: ['2026-03-22'] } });
const zone = 'Asia/Dubai';

// 2026-03-20 is a Friday; Dubai is four hours ahead of UTC.
test.each([
  { now: '2026-03-20T08:59:00Z', zone: null, calendar: null, day: null },
  { now: '2026-03-20T09:00:00Z', zone: null, calendar: null, day: '2026-03-20' },
  { now: '2026-03-20T23:59:00Z', zone: null, calendar: 'nobody described it', day: '2026-03-20' },
  { now: '2026-03-21T09:00:00Z', zone: null, calendar: null, day: null },
  { now: '2026-03-20T09:00:00Z', zone: 'Mars/Olympus', calendar: null, day: '2026-03-20' },
  { now: '2026-03-19T04:59:00Z', zone, calendar: 'Gulf', day: null },
  { now: '2026-03-19T05:00:00Z', zone, calendar: 'Gulf', day: '2026-03-19' },
  { now: '2026-03-20T05:00:00Z', zone, calendar: 'Gulf', day: null },
  { now: '2026-03-22T05:00:00Z', zone, calendar: 'Gulf', day: null },
  { now: '2026-03-29T05:00:00Z', zone, calendar: 'Gulf', day: '2026-03-29' },
  { now: '2026-03-22T21:00:00Z', zone, calendar: 'Gulf', day: null },
])('at $now in $zone by the calendar $calendar, the day to be reminded on is $day', ({ now, day, ...who }) => {
  expect(reminderDay(who, { now, at: '09:00', calendars })).toBe(day);
});
