import type { Option } from 'commander';
import { diagnosePair } from '../../studies/pair-diagnosis/diagnose-pair.ts';
import { PAIR_PROMPTS } from '../../studies/pair-diagnosis/pair-prompts.ts';
import { pairVerdict } from '../../studies/pair-diagnosis/pair-verdict.ts';
import { loadPair } from '../../assembly/load-pair.ts';
import { Interrupt } from '../interrupt.ts';
import { commandOption } from '../options/table-options.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { type CommandValues, modelSettings } from './command-values.ts';

export interface PairValues extends Omit<CommandValues, 'criterion'> {
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly pairTokens: number;
}

/** Prompts between two lines of progress. */
const PROGRESS_STEP = 5;

export function pairTokensOption(): Option {
  return commandOption('pairTokens');
}

/** `doctor --pair`: how much of its answers the base had to be helped with, and a verdict. */
export async function examinePair(values: PairValues): Promise<void> {
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  if (values.debug) await showNativeLog(values);
  const pair = await loadPair(await modelSettings(values, terminal, interrupt.signal));
  try {
    const diagnosis = await diagnosePair(pair, {
      prompts: PAIR_PROMPTS,
      maxTokens: values.pairTokens,
      signal: interrupt.signal,
      onPrompt: (done) => {
        if (done % PROGRESS_STEP === 0) terminal.notice(`${done} of ${PAIR_PROMPTS.length} prompts answered`);
      },
    });
    const verdict = pairVerdict(diagnosis);
    const models = { base: pair.base.id, draft: pair.draft.id };
    if (values.json) terminal.write(`${JSON.stringify({ models, ...diagnosis, ...verdict })}\n`);
    else
      terminal.write(`${models.draft} → ${models.base}: match ${verdict.match}\n\n${verdict.sentences.join('\n\n')}\n`);
  } finally {
    await pair.close();
  }
}
