import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/**
 * The service account: `{ clientEmail, privateKey }`, or the JSON key file that Google hands out, as an object or as
 * its text. Line ends of the key may be written as `\n`, as environment variables have them.
 */
export const secretsSchema = z.preprocess(
  fromKeyFile,
  z.object({
    clientEmail: z.email('wants the service account’s address'),
    privateKey: z
      .string()
      .transform((text) => text.replaceAll('\\n', '\n'))
      .refine(isRsaKey, 'wants the RSA private key in PEM form, from BEGIN to END'),
    privateKeyId: z.string().optional(),
  }),
);
export type GoogleSheetsSecrets = z.infer<typeof secretsSchema>;

function fromKeyFile(given: unknown): unknown {
  const value = typeof given === 'string' ? parsed(given) : given;
  if (typeof value !== 'object' || value === null || !('client_email' in value)) return value;
  const file = value as Record<string, unknown>;
  return { clientEmail: file.client_email, privateKey: file.private_key, privateKeyId: file.private_key_id };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
