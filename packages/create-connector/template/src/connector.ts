import { defineConnector, diagnoseHttp, explain, HubError, type Check, type Connector } from '@plumbline/connector';
import { readPage, type TemplateVendorContext } from './client.ts';
import { configSchema, secretsSchema, type TemplateVendorConfig, type TemplateVendorSecrets } from './config.ts';
import { risks } from './risks.ts';
import { setup } from './setup.ts';

/** Risks of Template Vendor. */
export const templateVendor: Connector = defineConnector<TemplateVendorConfig, TemplateVendorSecrets>({
  name: 'template-vendor',
  title: 'Template Vendor',
  config: configSchema,
  secrets: secretsSchema,
  keySchemes: ['template-vendor-risk'],
  // What the vendor grants an account, by class of endpoint.
  limits: () => ({ account: { calls: 60, perMs: 60_000 }, read: { calls: 10, perMs: 1_000 } }),
  diagnose: (answer, source) => diagnoseHttp(source, answer),
  secretTexts: ({ token }) => [token],
  check,
  setup,
  streams: [risks],
});

async function check(context: TemplateVendorContext): Promise<Check[]> {
  const subject = 'credentials';
  try {
    await readPage(context, '/risks', {});
    return [{ subject, ok: true, message: 'The token is accepted, and risks can be read.', remedy: '' }];
  } catch (error) {
    if (error instanceof HubError) return [{ subject, ok: false, message: error.message, remedy: error.remedy }];
    return [{ subject, ok: false, message: explain(error), remedy: 'Run `plumbline doctor` again.' }];
  }
}
