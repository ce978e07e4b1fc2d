import { useState } from 'preact/hooks';
import type { Settings } from '../settings.ts';
import { NumberField } from './number-field.tsx';

interface AskingProps {
  readonly pairs: readonly string[];
  readonly pair: string;
  readonly needsKey: boolean;
  readonly isBusy: boolean;
  readonly settings: Settings;
  readonly setPair: (pair: string) => void;
  readonly onSettings: (settings: Settings) => void;
  readonly giveKey: (key: string) => void;
  readonly onAsk: (prompt: string) => void;
  readonly onStop: () => void;
}

/** The prompt and how it is answered; the gateway's key where it asks for one. */
export function Asking(props: AskingProps) {
  const { pairs, pair, needsKey, isBusy, settings, setPair, onSettings, onAsk, onStop } = props;
  const [prompt, setPrompt] = useState('');
  if (needsKey) return <KeyField giveKey={props.giveKey} />;
  if (pairs.length === 0)
    return <p>No gateway answers here: this page shows recorded traces. “wellbegun playground” asks models.</p>;
  const submit = (event: Event) => {
    event.preventDefault();
    if (prompt.trim() !== '' && !isBusy) onAsk(prompt);
  };
  const send = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
  };
  return (
    <form class="asking" onSubmit={submit}>
      <label for="prompt">Prompt</label>
      <textarea
        id="prompt"
        rows={3}
        value={prompt}
        onInput={(event) => setPrompt(event.currentTarget.value)}
        onKeyDown={send}
      />
      <div class="row">
        <label>
          Pair{' '}
          <select value={pair} onChange={(event) => setPair(event.currentTarget.value)}>
            {pairs.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <NumberField
          label="Most tokens"
          min={1}
          max={4096}
          step={1}
          value={settings.maxTokens}
          onValue={(maxTokens) => onSettings({ ...settings, maxTokens })}
        />
        <NumberField
          label="Temperature"
          min={0}
          max={2}
          step={0.1}
          value={settings.temperature}
          onValue={(temperature) => onSettings({ ...settings, temperature })}
        />
        <button type="submit" disabled={isBusy || prompt.trim() === ''}>
          Answer
        </button>
        <button type="button" disabled={!isBusy} onClick={onStop}>
          Stop
        </button>
      </div>
    </form>
  );
}

function KeyField({ giveKey }: Pick<AskingProps, 'giveKey'>) {
  const [key, setKey] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    giveKey(key);
  };
  return (
    <form class="asking" onSubmit={submit}>
      <label>
        Key of the gateway{' '}
        <input type="password" autocomplete="off" value={key} onInput={(event) => setKey(event.currentTarget.value)} />
      </label>
      <button type="submit">Use it</button>
    </form>
  );
}
