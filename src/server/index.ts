/** The gateway: an OpenAI-compatible server over ready strategies. */
export { ApiKeys, type ApiKey, type ApiKeyLimits, hashKey } from './admission/api-keys.ts';
export { createGateway, type Gateway } from './create-gateway.ts';
export type { GatewayEnv } from './gateway-env.ts';
export type { GatewayParts } from './gateway-parts.ts';
export { DEFAULT_LIMITS, type GatewayLimits, type GatewayOptions } from './gateway-options.ts';
export { serveGateway, type ListeningGateway } from './serve-gateway.ts';
export type { ServedDefaults, ServedModel } from './served-model.ts';
export type { SwitchSettings } from '../settings/request-fields.ts';
export type { OfSwitch, RequestSettings } from '../settings/request-fields.ts';
export type { PlaygroundFiles } from './playground/playground-files.ts';
export { readPlayground } from './playground/read-playground.ts';
