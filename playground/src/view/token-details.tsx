import { useState } from 'preact/hooks';
import type { ShownToken } from '../trace/shown-response.ts';

interface DetailsProps {
  readonly index: number;
  readonly token: ShownToken;
  /** Undefined where no model is at hand. */
  readonly onTake: ((text: string) => void) | undefined;
}

/** What is known of a token, and what may stand in its place. */
export function TokenDetails({ index, token, onTake }: DetailsProps) {
  const [words, setWords] = useState('');
  const { text, source, logprob, window, alternatives = [] } = token;
  const take = (event: Event) => {
    event.preventDefault();
    if (words !== '') onTake?.(words);
    setWords('');
  };
  return (
    <section class="details" aria-labelledby="details-title">
      <h2 id="details-title">
        Token {index + 1}: <code>{JSON.stringify(text)}</code>
      </h2>
      <dl>
        <dt>written by</dt>
        <dd>{source}</dd>
        <dt>probability by the base, before sampling settings</dt>
        <dd>{logprob === null ? 'not told' : Math.exp(logprob).toPrecision(3)}</dd>
        <dt>rank</dt>
        <dd>{rankOf(token) ?? 'not told'}</dd>
        <dt>value of the criterion</dt>
        <dd>{window === null ? 'none' : window.toFixed(3)}</dd>
      </dl>
      {alternatives.length > 0 && (
        <ul class="alternatives" aria-label="What the base would write">
          {alternatives.map((one) => (
            <li key={one.text}>
              <button type="button" disabled={!onTake} onClick={() => onTake?.(one.text)}>
                <code>{JSON.stringify(one.text)}</code> {Math.exp(one.logprob).toFixed(3)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {onTake && (
        <form onSubmit={take}>
          <label>
            In its place <input value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          </label>
          <button type="submit" disabled={words === ''}>
            Let the base write on
          </button>
        </form>
      )}
    </section>
  );
}

function rankOf({ text, alternatives = [] }: ShownToken): number | undefined {
  const place = alternatives.findIndex((one) => one.text === text);
  return place < 0 ? undefined : place + 1;
}
