import { z } from 'zod';

export const configSchema = z.strictObject({
  address: z.url().describe('Where the vendor is, such as https://template-vendor.example.com.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'wants an ISO 4217 code such as "EUR"')
    .describe('The currency in which it keeps amounts.'),
});
export type TemplateVendorConfig = z.infer<typeof configSchema>;

export const secretsSchema = z.strictObject({ token: z.string().min(1) });
export type TemplateVendorSecrets = z.infer<typeof secretsSchema>;
