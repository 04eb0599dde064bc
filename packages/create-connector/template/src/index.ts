export { templateVendor } from './connector.ts';
