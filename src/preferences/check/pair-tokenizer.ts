import type { ChatMessage } from '../../core/prompt-format.ts';
import { chosenText, type PreferencePair, rejectedText } from '../preference-pair.ts';
import type { PairFinding } from './findings.ts';

/** How the model that will be trained sees a conversation. */
export interface PairTokenizer {
  /**
   * @param isComplete true: a response ends it, with the end of its turn; false: a response is about to begin
   * @throws ConfigError for a conversation that the template refuses
   */
  encode(messages: readonly ChatMessage[], isComplete: boolean): Promise<readonly number[]>;
}

/** What training would lose of a pair: the end of a response, or the border between the prompt and the response. */
export async function trainingLosses(
  pair: PreferencePair,
  tokenizer: PairTokenizer,
  maxLength: number,
): Promise<PairFinding[]> {
  const prompt = await tokenizer.encode(pair.prompt, false);
  const responses = [chosenText(pair), rejectedText(pair)];
  const whole = await Promise.all(
    responses.map((content) => tokenizer.encode([...pair.prompt, { role: 'assistant', content }], true)),
  );
  const findings: PairFinding[] = [];
  if (whole.some((tokens) => tokens.length > maxLength)) findings.push('loses-end');
  if (whole.some((tokens) => prompt.some((token, place) => token !== tokens[place]))) findings.push('no-prefix');
  return findings;
}
