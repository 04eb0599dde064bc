export { defineConfig, type PlumblineConfig } from './config.ts';
export { openHub, type Hub, type HubOptions } from './hub.ts';
export { type PollRequest, type SyncRequest } from './sync/sync-source.ts';
export { type Database, type DatabaseTarget } from './kernel/database.ts';
export { type SourceOptions } from './sources/installed-source.ts';
export { type RunProgress, type RunReport } from './sync/engine.ts';
export { type Jobs } from './sync/jobs.ts';
export { createApi, type Api, type ApiOptions } from './api.ts';
export { buildSchema } from './schema.ts';
