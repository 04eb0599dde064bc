export { configSchema, type FilesConfigInput } from './config.ts';
export { files } from './connector.ts';
