import type { ApiKey } from './admission/api-keys.ts';
import { KeyLimits } from './admission/key-limits.ts';
import { RequestQueue } from './admission/request-queue.ts';
import { ApiError } from './api/api-error.ts';
import { Exchanges } from './exchanges.ts';
import { completeLimits, type GatewayOptions } from './gateway-options.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import type { ServedModel } from './served-model.ts';

/** Behind a base's name, for clients whose token ids never begin with BOS, such as lm-eval. */
export const BEGINS_IDS = '+bos';

/** What all routes of one gateway share. */
export class GatewayParts {
  readonly options: GatewayOptions;
  readonly exchanges = new Exchanges();
  readonly metrics: GatewayMetrics;
  /** Seconds since 1970. */
  readonly startedAt = Math.floor(Date.now() / 1000);
  readonly #models: ReadonlyMap<string, ServedModel>;
  readonly #queues: ReadonlyMap<string, RequestQueue>;
  readonly #keyLimits = new Map<string, KeyLimits>();
  /** Bases, and who asks them, that were named in the log for token ids without BOS. */
  readonly withoutBos = new Set<string>();
  draining = false;

  constructor(options: GatewayOptions) {
    this.options = { ...options, limits: completeLimits(options.limits) };
    this.#models = new Map(options.models.map((model) => [model.id, model]));
    const queues = new Set(options.models.map(({ queue }) => queue));
    this.#queues = new Map([...queues].map((name) => [name, new RequestQueue(this.options.limits)]));
    this.metrics = new GatewayMetrics({
      inFlight: () => this.exchanges.size,
      queues: () => [...this.#queues].map(([name, { waiting }]) => [name, waiting] as const),
    });
  }

  /** What is served under the name; `NAME+bos` is a base whose token ids begin with BOS. @throws ApiError 404 */
  find(name: string): ServedModel {
    const model = this.#models.get(name) ?? this.#beginningIds(name);
    if (model) return model;
    const shown = JSON.stringify(name.slice(0, 100));
    throw new ApiError(404, `There is no model ${shown}: GET /v1/models lists what there is.`, {
      param: 'model',
      code: 'model_not_found',
    });
  }

  #beginningIds(name: string): ServedModel | undefined {
    const model = name.endsWith(BEGINS_IDS) ? this.#models.get(name.slice(0, -BEGINS_IDS.length)) : undefined;
    return model?.text && { ...model, id: name, beginsIds: true };
  }

  /** The limits of a key; without keys, all callers share one. */
  limitsOf(key: ApiKey | undefined): KeyLimits {
    const name = key?.name ?? '';
    const known = this.#keyLimits.get(name) ?? new KeyLimits({ ...this.options.keyLimits, ...key?.limits });
    this.#keyLimits.set(name, known);
    return known;
  }

  queueOf({ queue }: ServedModel): RequestQueue {
    return this.#queues.get(queue)!;
  }
}
