import { answerTo, type SetupDefinition } from '@plumbline/connector';
import type { TemplateVendorConfig, TemplateVendorSecrets } from './config.ts';

/** What `plumbline connect` asks: first what opens the account, then what follows from looking at it. */
export const setup: SetupDefinition<TemplateVendorConfig, TemplateVendorSecrets> = {
  imports: {
    package: '@plumbline/template-vendor',
    connector: 'templateVendor',
    configType: 'TemplateVendorConfig',
  },
  account: [
    {
      name: 'address',
      asks: 'Where is Template Vendor? Such as https://template-vendor.example.com',
      kind: 'text',
      wrong: (answer) => (URL.canParse(answer) ? null : 'An address is wanted, such as https://acme.example.com.'),
    },
    { name: 'token', asks: 'A token that may read risks', kind: 'secret' },
    {
      name: 'currency',
      asks: 'In which currency does it keep amounts? (ISO 4217, such as EUR)',
      kind: 'text',
      wrong: (answer) => (/^[A-Z]{3}$/.test(answer) ? null : 'A currency is written as three capital letters.'),
    },
  ],
  open: (answers) => ({
    config: { address: answerTo(answers, 'address') ?? '', currency: answerTo(answers, 'currency') ?? '' },
    secrets: { token: answerTo(answers, 'token') ?? '' },
  }),
  explore: async ({ config }) => ({
    // Here a connector with a mapping looks at what the account has, and asks what of it is meant.
    questions: () => [],
    configure: () => config,
  }),
  preview: () => ['risks'],
};
