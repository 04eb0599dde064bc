import type { Page } from '@plumbline/connector';
import { hashText, storable } from '../kernel/fingerprint.ts';
import type { StoredRecord } from './record-store.ts';

/** A page whose records are hashed and ready to be compared. */
export interface PreparedPage extends Pick<Page, 'deletes' | 'allIds'> {
  /** How many records the vendor sent. */
  read: number;
  /** By external id: the newest of two with one id. */
  records: ReadonlyMap<string, Candidate>;
}

/** A record that may be new or different. */
export type Candidate = StoredRecord & { raw: unknown };

/** Needs no database, so that a page can be made ready while the one before is stored. */
export function preparePage(page: Pick<Page, 'records' | 'deletes' | 'allIds'>): PreparedPage {
  const records = new Map<string, Candidate>();
  for (const record of page.records) {
    const payload = storable(record.payload);
    const before = records.get(record.id);
    if (before?.changedAt && record.changedAt && before.changedAt > record.changedAt) continue;
    records.set(record.id, {
      id: '',
      externalId: record.id,
      hash: hashText(payload.text + (record.surroundings ?? '')),
      changedAt: record.changedAt,
      surroundings: record.surroundings ?? null,
      payload: payload.text,
      raw: payload.value,
    });
  }
  return { records, read: page.records.length, deletes: page.deletes, allIds: page.allIds };
}
