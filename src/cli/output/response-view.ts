import type { DecodeEvent } from '../../core/decode-event.ts';
import type { Colors } from './terminal.ts';
import { printable } from './printable.ts';

/** The base takes over. */
export const SWITCH = '⟫';
/** The draft writes again. */
const HAND_BACK = '⟪';

/** Shows the events of a response while they come. */
export type ResponseView = (event: DecodeEvent) => void;

interface PlainOptions {
  readonly isScreen: boolean;
  /** Show where the pen changes hands. */
  readonly marks?: boolean;
}

/** The response alone: as it is for pipes and files; a screen gets no control characters, which could act on it. */
export function plainView(write: (text: string) => void, { isScreen, marks = false }: PlainOptions): ResponseView {
  return (event) => {
    if (event.type === 'token') write(isScreen ? printable(event.text) : event.text);
    if (event.type === 'model-switch' && marks) write(SWITCH);
    if (event.type === 'hand-back' && marks) write(HAND_BACK);
    if (event.type === 'decode-end') write('\n');
  };
}

/** For people: the draft's tokens in one colour, the base's in another, and a mark at the switch. */
export function colouredView(write: (text: string) => void, colours: Colors): ResponseView {
  return (event) => {
    switch (event.type) {
      case 'token':
        write(colourLines(printable(event.text), event.source === 'draft' ? colours.cyan : colours.reset));
        break;
      case 'model-switch':
        write(colours.yellow(SWITCH));
        break;
      case 'hand-back':
        write(colours.yellow(HAND_BACK));
        break;
      case 'decode-end':
        write('\n');
        break;
      case 'decode-start':
        break;
    }
  };
}

/** Colours end before a newline, so that no terminal paints the rest of the line. */
function colourLines(text: string, colour: (text: string) => string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : colour(line)))
    .join('\n');
}
