import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DecodeTrace } from '../../core/decode-event.ts';
import { createInstruments, type Instruments } from './instruments.ts';

/** What is true at the moment of asking. */
export interface GatewayLevels {
  inFlight(): number;
  /** Each queue's name (that of its first pair) and how many requests wait for it. */
  queues(): Iterable<readonly [queue: string, waiting: number]>;
}

/** What Prometheus is told, in a registry of its own. */
export class GatewayMetrics {
  readonly #registry = new Registry();
  readonly instruments: Instruments;

  constructor(levels: GatewayLevels) {
    collectDefaultMetrics({ register: this.#registry });
    this.instruments = createInstruments(this.#registry);
    addLevels(this.#registry, levels);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text of `GET /metrics`. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  recordResponse(model: string, { strategy, usage, switch: taken }: DecodeTrace): void {
    const { tokens, switchReasons, switchIndex, acceptedShare } = this.instruments;
    tokens.inc({ model, source: 'draft' }, usage.keptDraftTokens);
    tokens.inc({ model, source: 'base' }, usage.baseTokens);
    if (strategy === 'base' || strategy === 'draft') return;
    switchReasons.inc({ model, reason: taken?.reason ?? 'none' });
    if (taken) switchIndex.observe({ model }, taken.index);
    if (usage.draftTokens > 0) acceptedShare.observe({ model }, usage.keptDraftTokens / usage.draftTokens);
  }
}

function addLevels(registry: Registry, levels: GatewayLevels): void {
  const registers = [registry];
  new Gauge({
    name: 'wellbegun_requests_in_flight',
    help: 'Requests under way, waiting ones included.',
    registers,
    collect() {
      this.set(levels.inFlight());
    },
  });
  new Gauge({
    name: 'wellbegun_queue_waiting',
    help: 'Requests that wait for the turn of a response.',
    labelNames: ['queue'],
    registers,
    collect() {
      for (const [queue, waiting] of levels.queues()) this.set({ queue }, waiting);
    },
  });
}
