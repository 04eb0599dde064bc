import { HubError } from '@plumbline/connector';
import { z } from 'zod';
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
  const read = proposalOptions.safeParse(options);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new HubError({
      code: 'BAD_CONFIG',
      message: `proposals.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}.`,
      remedy: 'Correct it in plumbline.config.ts.',
    });
  }
  const { review, reviewDays, gates } = read.data;
  const { marginFloor, discounts } = commercial;
  return { review: review ?? (preset === 'light' ? 'ADVISED' : 'REQUIRED'), reviewDays, gates, marginFloor, discounts };
}
