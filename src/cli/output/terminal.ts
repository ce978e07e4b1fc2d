import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** How this process may talk: answers go to stdout, everything else to stderr. */
export interface Terminal {
  /** Someone looks at stdout. */
  readonly isScreen: boolean;
  /** And colours are welcome. */
  readonly pretty: boolean;
  readonly colours: Colors;
  readonly noticeColours: Colors;
  readonly someoneIsThere: boolean;
  /** Notices may be drawn over: a terminal that knows its width. Some tell 0 columns, where spinners never end. */
  readonly redraws: boolean;
  readonly write: (text: string) => void;
  readonly notice: (text: string) => void;
}

export function openTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const colours = coloursOf(stdout);
  return {
    isScreen: stdout.isTTY,
    pretty: colours.isColorSupported,
    colours,
    noticeColours: coloursOf(stderr),
    redraws: stderr.isTTY && stderr.columns > 0,
    someoneIsThere: stdin.isTTY && stderr.isTTY,
    write: (text) => void stdout.write(text),
    notice: (text) => void stderr.write(`${text}\n`),
  };
}

/** A file or a pipe gets no colours. Its `isTTY` is undefined, for which picocolors would look at stdout. */
export function coloursOf({ isTTY = false }: { readonly isTTY?: boolean }): Colors {
  return pc.createColors(isTTY && pc.isColorSupported);
}
