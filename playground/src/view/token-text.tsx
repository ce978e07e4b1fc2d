import { Component } from 'preact';
import type { ShownToken } from '../trace/shown-response.ts';

interface TextProps {
  /** Of the element, and the beginning of those of its tokens. */
  readonly id: string;
  readonly label: string;
  readonly tokens: readonly ShownToken[];
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
  /** A mark stands before this token: where other settings would switch. */
  readonly mark?: number | undefined;
}

/** Few enough that one of them is drawn within a frame, and many enough that a long text has few. */
const BLOCK = 64;

/** The tokens of a response, coloured by who wrote them, of which one can be chosen by mouse or arrow keys. */
export function TokenText({ id, label, tokens, selected, onSelect, mark }: TextProps) {
  const move = (event: KeyboardEvent) => {
    const next = moved(event.key, selected, tokens.length);
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  const choose = (event: Event) => {
    const index = (event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index');
    if (index != null) onSelect(Number(index));
  };
  const blocks = Array.from({ length: Math.ceil(tokens.length / BLOCK) }, (_, i) => i * BLOCK);
  if (tokens.length === 0) return <p class="tokens empty">No text yet.</p>;
  return (
    <div
      class="tokens"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={selected === undefined ? undefined : `${id}-${selected}`}
      onKeyDown={move}
      onClick={choose}
    >
      {blocks.map((start) => (
        <Block
          key={start}
          {...{ id, start, mark, selected }}
          tokens={tokens.slice(start, start + BLOCK)}
          before={tokens[start - 1]}
        />
      ))}
    </div>
  );
}

interface BlockProps extends Pick<TextProps, 'id' | 'tokens' | 'selected' | 'mark'> {
  readonly start: number;
  readonly before: ShownToken | undefined;
}

/** Drawn again only where something of it changed: tokens only ever come to the end. */
class Block extends Component<BlockProps> {
  override shouldComponentUpdate(next: BlockProps): boolean {
    const { start, tokens, selected, mark } = this.props;
    const isIn = (index: number | undefined) => index !== undefined && index >= start && index < start + BLOCK;
    const changed = (one: number | undefined, other: number | undefined) => one !== other && (isIn(one) || isIn(other));
    const isOther = tokens.length !== next.tokens.length || tokens.some((token, i) => token !== next.tokens[i]);
    return isOther || changed(selected, next.selected) || changed(mark, next.mark);
  }

  render({ id, start, tokens, selected, mark, before }: BlockProps) {
    return tokens.map(({ text, source }, i) => {
      const index = start + i;
      const previous = i === 0 ? before : tokens[i - 1];
      const takesOver = source === 'base' && previous?.source === 'draft';
      return (
        <>
          {takesOver && <span class="switch" aria-hidden="true" title="the base takes over" />}
          {index === mark && <span class="would" aria-hidden="true" title="would switch here" />}
          <span
            key={index}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === selected}
            aria-label={`${visible(text)}, ${source}`}
            data-index={index}
            class={source}
          >
            {visible(text)}
          </span>
          {text.endsWith('\n') && '\n'.repeat(text.length - text.trimEnd().length || 1)}
        </>
      );
    });
  }
}

/** Line ends, control characters and tokens without a whole character as signs. */
function visible(text: string): string {
  if (text === '') return '·';
  return text.replaceAll('\n', '↵').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u{FFFD}');
}

function moved(key: string, from: number | undefined, count: number): number | undefined {
  const last = count - 1;
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min((from ?? -1) + 1, last);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max((from ?? 1) - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
}
