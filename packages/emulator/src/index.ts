export { addDeliveryRoutes, createDeliveries, type Deliveries, type Delivery, type Sent } from './deliveries.ts';
export { startEmulator, type Emulator, type EmulatorApp, type EmulatorOptions, type SeenRequest } from './emulator.ts';
export { faultSchema, type Fault, type Faults } from './faults.ts';
export { mustBeListed } from './operations.ts';
export { createBucket, createQuota, type Quota } from './quota.ts';
export { createRandom, type Random } from './random.ts';
export { createTokenServer, type TokenRefusal, type TokenServer } from './token-server.ts';
