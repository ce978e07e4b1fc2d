// Support for the tests beside it: a draft and a base whose every probability is known. Holds no test itself.
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { byText } from '../engines/scripted/next-token.ts';
import { scriptedModel, type ScriptedModelOptions } from '../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { PromptMeasure } from './draft-writer.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import { weakToStrong, type WeakToStrongOptions } from './weak-to-strong.ts';

const MARKER = '[Assistant]\n';
export const PROMPT = '\n\n[User]\nHi\n\n[Assistant]\n';

export interface KnownPair {
  readonly draft: string;
  /** The base's probability of each drafted character. */
  readonly probabilities: readonly number[];
  /** What the base writes after what it keeps. Begins with a character that the draft does not have. */
  readonly then: string;
  readonly model?: Partial<ScriptedModelOptions>;
  /** What the draft says of its prompt. */
  readonly measure?: PromptMeasure;
}

/** A base of one token a byte that reads the draft with known probabilities. */
function knownBase({ draft, probabilities, then, model }: KnownPair) {
  const next = byText((text) => {
    const written = text.slice(text.lastIndexOf(MARKER) + MARKER.length);
    const own = written.indexOf(then[0] ?? '</s>');
    if (own >= 0) return { [then[written.length - own] ?? '</s>']: 1 };
    const drafted = draft[written.length];
    const p = probabilities[written.length] ?? 0;
    return { [then[0] ?? '</s>']: 1 - p, ...(drafted !== undefined && { [drafted]: p }) };
  });
  return scriptedModel({ id: 'base', next, ...model });
}

/** One response of a known pair: a drafted token a character, a window of two, chunks of three. */
export function decode(
  pair: KnownPair,
  options: Partial<WeakToStrongOptions> = {},
  request: Partial<DecodeRequest> = {},
) {
  const base = knownBase(pair);
  const draft = scriptedWriter({
    id: 'draft',
    pieces: Array.from(pair.draft),
    ...(pair.measure && { measure: pair.measure }),
  });
  const criterion = windowedConfidence({ window: 2, threshold: 0.8 });
  const strategy = weakToStrong({ base, draft, baseFormat: plainForm({}), criterion, chunkTokens: 3, ...options });
  const response = strategy.decode({ messages: [{ role: 'user', content: 'Hi' }], ...request });
  return { base, draft, response, collected: () => collectEvents(response) };
}

/** Sure at its fourth character. */
export const SURE_LATER = { draft: 'abcdefgh', probabilities: [0.9, 0.1, 0.9, 0.9, 0.3, 0.9, 0.9, 0.9], then: 'XYZ' };
export const NEVER_SURE = { draft: 'abcd', probabilities: [0.4, 0.4, 0.4, 0.4], then: 'XYZ' };
