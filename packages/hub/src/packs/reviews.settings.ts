import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';
import { reviewLenses } from './review-scope.ts';

const reviewsSchema = z.strictObject({
  /** Whether a client's report is taken on the day its statement of work says. */
  clientReports: z.boolean().default(true),
  /** The snapshot of the whole portfolio, once a week; none when absent. */
  portfolio: z
    .strictObject({
      /** 1 Monday to 7 Sunday, by UTC. */
      weekday: z.number().int().min(1).max(7).default(1),
      /** ISO 4217 code of all amounts. */
      currency: z.string().regex(/^[A-Z]{3}$/, 'wants an ISO 4217 code such as "EUR"'),
      lens: z.enum(reviewLenses).default('BOTH'),
    })
    .optional(),
});

/** `reviews` of the configuration: which snapshots are taken without anybody asking for them. */
export type ReviewsOptions = z.input<typeof reviewsSchema>;
export type ReviewsSettings = z.output<typeof reviewsSchema>;

/** Checks the configuration; throws HubError that names the wrong setting. */
export function readReviewsSettings(options: ReviewsOptions): ReviewsSettings {
  return readSetting('reviews', reviewsSchema, options);
}
