export { type GraphQLApi } from './app.ts';
export { startServer, type RunningServer, type ServerOptions } from './server.ts';
