export type { TemplateVendorConfig } from './config.ts';
export { templateVendor } from './connector.ts';
