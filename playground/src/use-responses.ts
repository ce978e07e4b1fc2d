import { useState } from 'preact/hooks';
import { type ChatTurn, streamChat } from './api/stream-chat.ts';
import type { Settings } from './settings.ts';
import { SETTINGS } from './settings.ts';
import { followResponse } from './trace/follow-response.ts';
import { type ShownResponse, textOf } from './trace/shown-response.ts';
import type { OpenedTrace } from './trace/trace-file.ts';
import { useRuns } from './use-runs.ts';

export const NAMES = { base: 'Base alone', draft: 'Draft alone', wsd: 'Weak-to-strong' } as const;

export type Name = keyof typeof NAMES | 'branch';
export type Responses = Readonly<Partial<Record<Name, ShownResponse>>>;

/** A token of one of the responses. */
export interface Place {
  readonly name: Name;
  readonly index: number;
}

/** The responses to one prompt, and what makes them. */
export function useResponses(pair: string, settings: Settings) {
  const [asked, setAsked] = useState('');
  const [used, setUsed] = useState(SETTINGS);
  const [responses, setResponses] = useState<Responses>({});
  const [scored, setScored] = useState<ShownResponse>();
  /** Another one for other responses: what was chosen in those before means nothing in them. */
  const [version, setVersion] = useState(0);
  const { stop, leave, begin, during } = useRuns();
  const show = (name: Name) =>
    during((response: ShownResponse) => setResponses((all) => ({ ...all, [name]: response })));
  const sampling = { max_tokens: settings.maxTokens, temperature: settings.temperature };
  const question: ChatTurn = { role: 'user', content: asked };

  const decode = (prompt: string, names: readonly (keyof typeof NAMES)[]) => {
    const signal = begin();
    setAsked(prompt);
    setVersion((before) => before + 1);
    setUsed(settings);
    setScored(undefined);
    if (names.length > 1) setResponses({});
    for (const name of names) {
      const model = name === 'wsd' ? pair : `${pair}:${name}`;
      const fields = { ...sampling, ...(name === 'wsd' && { gamma: settings.gamma, window: settings.window }) };
      void followResponse(streamChat(model, [{ role: 'user', content: prompt }], fields, signal), show(name));
    }
  };
  const scoreDraft = () => {
    const fields = { ...sampling, criterion: 'never', on_no_switch: 'stop' };
    void followResponse(streamChat(pair, [question], fields, begin()), setScored);
  };
  /** The base writes on behind other words in the place of a token. */
  const branch = ({ name, index }: Place, words: string) => {
    const taken = { id: null, text: words, source: 'base', logprob: null, window: null } as const;
    const begun = [...responses[name]!.tokens.slice(0, index), taken];
    const turns: ChatTurn[] = [question, { role: 'assistant', content: textOf({ tokens: begun }) }];
    const signal = begin();
    void followResponse(streamChat(`${pair}:base`, turns, sampling, signal), show('branch'), begun);
  };
  const dropBranch = () => {
    leave();
    setResponses(({ base, draft, wsd }) => ({ ...(base && { base }), ...(draft && { draft }), ...(wsd && { wsd }) }));
  };
  const open = (traces: readonly OpenedTrace[]) => {
    leave();
    const named = traces.map((trace) => [trace.strategy in NAMES ? trace.strategy : 'wsd', trace.response] as const);
    setResponses(Object.fromEntries(named));
    setScored(undefined);
    setVersion((before) => before + 1);
    setAsked(traces[0]?.prompt ?? '');
  };
  return { version, asked, used, responses, scored, decode, scoreDraft, branch, dropBranch, open, stop };
}
