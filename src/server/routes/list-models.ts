import type { GatewayParts } from '../gateway-parts.ts';
import type { ServedModel } from '../served-model.ts';

/** `GET /v1/models`. */
export function listModels(gateway: GatewayParts) {
  return { object: 'list', data: gateway.options.models.map((model) => describe(gateway, model)) };
}

/** `GET /v1/models/{id}`. @throws ApiError 404 */
export function describeModel(gateway: GatewayParts, name: string) {
  return describe(gateway, gateway.find(name));
}

function describe({ startedAt }: GatewayParts, { id }: ServedModel) {
  return { id, object: 'model', created: startedAt, owned_by: 'wellbegun', name: id };
}
