import { z } from 'zod';
import { readSetting } from '../kernel/setting.ts';
import type { DiscountTier } from '../money/discount.rules.ts';
import { gateNames, type GateSettings } from './gate.rules.ts';

const reviewModes = ['REQUIRED', 'ADVISED'] as const;
const who = z.string().trim().min(1, 'wants a name, a role or an e-mail address').max(200);

/** What `proposals` of the configuration may say. */
export const proposalOptions = z.strictObject({
  review: z.enum(reviewModes, `wants one of ${reviewModes.join(', ')}`).optional(),
  reviewDays: z.number().int().positive().max(1_000).default(30),
  gates: z
    .array(
      z.strictObject({
        gate: z.enum(gateNames, `wants one of ${gateNames.join(', ')}`),
        owners: z.array(who).max(20).default([]),
      }),
    )
    .refine((gates) => new Set(gates.map(({ gate }) => gate)).size === gates.length, 'names a gate twice')
    .default(gateNames.map((gate) => ({ gate, owners: [] }))),
});

/** `proposals` of the configuration: whether a review comes before the client, how long it counts, and which gates. */
export type ProposalOptions = z.input<typeof proposalOptions>;

/** What a proposal has to pass before it goes to the client. */
export interface ProposalPolicy extends GateSettings {
  /** REQUIRED: nothing goes out without a review, its gates and an approval. ADVISED: they are shown, and refuse nothing. */
  review: (typeof reviewModes)[number];
  /** Calendar days for which a verdict counts. */
  reviewDays: number;
}

/** What the settings of change control say of every price. */
interface Commercial {
  preset: 'full' | 'light' | undefined;
  marginFloor: string;
  discounts: readonly DiscountTier[];
}

/** Checks the configuration; throws HubError that names the wrong setting. A firm without a PMO is advised, not held up. */
export function readProposalPolicy(options: ProposalOptions, { preset, ...commercial }: Commercial): ProposalPolicy {
  const { review, reviewDays, gates } = readSetting('proposals', proposalOptions, options);
  const { marginFloor, discounts } = commercial;
  return { review: review ?? (preset === 'light' ? 'ADVISED' : 'REQUIRED'), reviewDays, gates, marginFloor, discounts };
}
