export {
  startTemplateVendorEmulator,
  type EmulatedRisk,
  type TemplateVendorEmulator,
} from './template-vendor-emulator.ts';
