import type { Clock } from '@plumbline/connector';
import type { Database, Rows } from '../kernel/database.ts';
import type { Calendars } from '../people/calendar.ts';
import type { CheckInSettings } from './check-ins.settings.ts';
import { readReminderToSend, recordReminders, type ReminderList } from './reminder.store.ts';

export interface Reminding {
  /**
   * Records whom to remind of what and, where the site has somewhere to send it, gives the lists to `queue` within the same
   * transaction, so that none is recorded and never sent. Returns of how many people.
   */
  record(queue: (rows: Rows, lists: readonly ReminderList[]) => Promise<unknown>): Promise<number>;
  /** Hands a list to the site's own function; throws what that throws. */
  send(list: ReminderList, signal: AbortSignal): Promise<void>;
}

/** Reminds people of views that are old, as the settings say. */
export function createReminding(input: {
  database: Database;
  settings: CheckInSettings;
  calendars: Calendars;
  clock: Clock;
  /** One writer at a time, until the transaction ends. */
  lock(rows: Rows): Promise<void>;
}): Reminding {
  const { database, settings, calendars, clock } = input;
  const { reminders, viewDays } = settings;
  return {
    async record(queue) {
      if (!reminders) return 0;
      return database.transaction(async (rows) => {
        await input.lock(rows);
        const now = clock.now().toString();
        const lists = await recordReminders(rows, { now, at: reminders.at, viewDays, calendars });
        if (reminders.send && lists.length > 0) await queue(rows, lists);
        return lists.length;
      });
    },
    async send(list, signal) {
      const reminder = reminders?.send ? await readReminderToSend(database.reader, list) : null;
      if (reminder) await reminders?.send?.(reminder, { signal });
    },
  };
}
