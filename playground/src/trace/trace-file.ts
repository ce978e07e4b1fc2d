import { EMPTY, type ShownResponse, type ShownToken } from './shown-response.ts';

/** Of the form that src/assembly/run-result.ts describes. */
export const TRACE_VERSION = 1;

/** A response as a file has it. */
export interface OpenedTrace {
  readonly strategy: string;
  readonly prompt: string;
  readonly response: ShownResponse;
  /** Of the paper's criterion, where it was that one. */
  readonly gamma?: number;
  readonly window?: number;
}

interface Written {
  readonly version?: unknown;
  readonly strategy?: unknown;
  readonly compare?: unknown;
  readonly tokens?: unknown;
  readonly request?: {
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly criterion?: string | null;
  };
}

/** The traces of a file of `run`, `batch --tokens` or `evaluate --tokens`. @throws Error in a sentence, for the first that is none */
export function openTraces(text: string): OpenedTrace[] {
  const whole = parsed(text);
  if (whole !== undefined)
    return (Array.isArray(whole.compare) ? (whole.compare as Written[]) : [whole]).map(openTrace);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => openTrace(parsed(line) ?? {}));
}

export function openTrace({ version, strategy, tokens, request }: Written): OpenedTrace {
  if (version === undefined)
    throw new Error(
      'This file has no version: it is no trace, or one of an older wellbegun. Make it again with run --json.',
    );
  if (version !== TRACE_VERSION)
    throw new Error(
      `This trace has the version ${JSON.stringify(version)}, and this page reads ${TRACE_VERSION}: use the wellbegun that wrote it.`,
    );
  if (!Array.isArray(tokens) || !tokens.every(isToken))
    throw new Error('This trace has no tokens: make it again with --tokens.');
  const prompt = request?.messages?.findLast(({ role }) => role === 'user')?.content ?? '';
  const [, window, gamma] = /^confidence\(window=(\d+), threshold=([\d.e-]+)\)$/.exec(request?.criterion ?? '') ?? [];
  return {
    strategy: typeof strategy === 'string' ? strategy : 'wsd',
    prompt,
    response: { ...EMPTY, tokens },
    ...(gamma !== undefined && { gamma: Number(gamma), window: Number(window) }),
  };
}

function isToken(value: unknown): value is ShownToken {
  const { text, source, logprob, window } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isNumber = (one: unknown) => one === null || typeof one === 'number';
  return typeof text === 'string' && (source === 'draft' || source === 'base') && isNumber(logprob) && isNumber(window);
}

function parsed(text: string): Written | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return undefined;
  }
}
