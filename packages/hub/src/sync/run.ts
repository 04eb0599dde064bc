import { defineEntity, p } from '@mikro-orm/core';

export const runStatuses = ['RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED', 'INTERRUPTED', 'CANCELLED'] as const;
export type RunStatus = (typeof runStatuses)[number];

export const runTasks = ['POLL', 'CENSUS', 'REMAP', 'LOOK'] as const;
export type RunTask = (typeof runTasks)[number];

/** What a run did, in records unless named otherwise. */
export interface RunCounts {
  read: number;
  created: number;
  changed: number;
  unchanged: number;
  deleted: number;
  vanished: number;
  quarantined: number;
  released: number;
  skipped: number;
  erased: number;
  pages: number;
  requests: number;
  bytes: number;
  throttledMs: number;
}

export const noCounts: RunCounts = {
  read: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  deleted: 0,
  vanished: 0,
  quarantined: 0,
  released: 0,
  skipped: 0,
  erased: 0,
  pages: 0,
  requests: 0,
  bytes: 0,
  throttledMs: 0,
};

export const SyncRun = defineEntity({
  name: 'SyncRun',
  tableName: 'sync_run',
  properties: {
    id: p.uuid().primary(),
    source_id: p.text(),
    stream: p.text(),
    task: p.text(),
    status: p.text(),
    started_at: p.string().columnType('timestamptz'),
    ended_at: p.string().columnType('timestamptz').nullable(),
    /** When its process last showed, once a second, that it goes on. */
    alive_at: p.string().columnType('timestamptz').nullable(),
    counts: p.json(),
    /** Sentences about what was skipped, at most 100. */
    warnings: p.json(),
    error: p.text().nullable(),
    /** Who wants it to end; whichever process it runs in looks here. */
    cancel_asked_by: p.text().nullable(),
    /** Seconds. */
    lag: p.bigint().nullable(),
    /** It found nothing of what could be read before, so that the stream is no fresher for it. */
    unread: p.boolean().default(false),
  },
  indexes: [
    { name: 'sync_run_started_idx', properties: ['started_at', 'id'] },
    { name: 'sync_run_stream_idx', properties: ['source_id', 'stream', 'started_at'] },
    {
      name: 'sync_run_running_idx',
      expression: `create index "sync_run_running_idx" on "sync_run" ("source_id") where "status" = 'RUNNING'`,
    },
  ],
});

/** Where a stream goes on, written with the page it stands behind. */
export const StreamCursor = defineEntity({
  name: 'StreamCursor',
  tableName: 'stream_cursor',
  properties: {
    source_id: p.text().primary(),
    stream: p.text().primary(),
    cursor: p.json(),
    /** Fingerprint of what was asked of the vendor; another one means reading from the beginning. */
    fetches: p.text(),
    /** Fingerprint of the mapping that every record of the stream has been through. */
    mapping: p.text(),
  },
});
