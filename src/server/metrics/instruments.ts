import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds, from a cached prompt on a GPU to a long answer on a laptop. */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
/** Tokens; the paper drafts at most 512. */
const SWITCH_BUCKETS = [0, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const SHARE_BUCKETS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export type Instruments = ReturnType<typeof createInstruments>;

/** What is counted. The label `model` is a served name, never what a client wrote. */
export function createInstruments(registry: Registry) {
  const perModel = { labelNames: ['model'] as const, registers: [registry] };
  return { ...requestInstruments(registry, perModel), ...switchInstruments(registry, perModel) };
}

interface PerModel {
  readonly labelNames: readonly ['model'];
  readonly registers: Registry[];
}

function requestInstruments(registry: Registry, perModel: PerModel) {
  return {
    requests: new Counter({
      name: 'wellbegun_requests_total',
      help: 'Requests to the API, by route and HTTP status; 499 is a client that left.',
      labelNames: ['route', 'status'],
      registers: [registry],
    }),
    firstToken: new Histogram({
      name: 'wellbegun_first_token_seconds',
      help: 'From the request to the first token of a response, waiting included.',
      buckets: LATENCY_BUCKETS,
      ...perModel,
    }),
    total: new Histogram({
      name: 'wellbegun_response_seconds',
      help: 'From the request to the end of a response, waiting included.',
      buckets: LATENCY_BUCKETS,
      ...perModel,
    }),
    engineErrors: new Counter({
      name: 'wellbegun_engine_errors_total',
      help: 'Responses that an engine failed on.',
      labelNames: ['model', 'code'],
      registers: [registry],
    }),
  };
}

function switchInstruments(registry: Registry, perModel: PerModel) {
  return {
    switchIndex: new Histogram({
      name: 'wellbegun_switch_index_tokens',
      help: 'k: tokens kept from the draft when the base took over.',
      buckets: SWITCH_BUCKETS,
      ...perModel,
    }),
    switchReasons: new Counter({
      name: 'wellbegun_switch_reasons_total',
      help: 'Why the base took over; none where the response ended before.',
      labelNames: ['model', 'reason'],
      registers: [registry],
    }),
    acceptedShare: new Histogram({
      name: 'wellbegun_accepted_draft_share',
      help: "Kept tokens (the base's) over drafted tokens (the draft's); above 1 where the base needs more for a text.",
      buckets: SHARE_BUCKETS,
      ...perModel,
    }),
    tokens: new Counter({
      name: 'wellbegun_tokens_total',
      help: 'Tokens of responses, by who wrote them.',
      labelNames: ['model', 'source'],
      registers: [registry],
    }),
  };
}
