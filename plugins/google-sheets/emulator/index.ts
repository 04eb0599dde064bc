export { startGoogleEmulator, type GoogleEmulator, type GoogleEmulatorOptions } from './google-emulator.ts';
export { type CellValue, type Spreadsheet, type Tab } from './seed.ts';
export { type Edit, type Edits } from './edits.ts';
export { type ServiceAccount } from './auth.ts';
