import type { Cell } from '@plumbline/table';
import { z } from 'zod';

/** A cell as UNFORMATTED_VALUE gives it; null when it is blank. */
export const cellSchema: z.ZodType<Cell> = z.union([z.string(), z.number(), z.boolean(), z.null()]);
