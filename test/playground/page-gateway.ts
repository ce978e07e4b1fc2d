import { readPlayground } from '../../src/server/index.ts';
import { byText, type NextToken, writes } from '../../src/engines/scripted/next-token.ts';
import {
  openScriptedGateway,
  type ScriptedGateway,
  type ScriptedGatewayOptions,
} from '../fixtures/scripted-gateway.ts';

/** Markup, a line end and letters beyond ASCII. A token a byte. */
export const DRAFT = 'Well begun <img src=x onerror=alert(1)>\nis half done, as Größe is.';
/** How many characters of it the base is unsure of. */
export const UNSURE = 12;
/** By γ = 0.8 and w = 6: (0.4 · 0.97⁵)^⅙ is 0.84. */
export const SWITCH = UNSURE + 5;
const MARKER = '[Assistant]\n';

interface PageGatewayOptions extends ScriptedGatewayOptions {
  /** What a token takes. */
  readonly tokenMs?: number;
  /** Default: `DRAFT`. */
  readonly text?: string;
}

/** A gateway with the page, whose models write slowly, and of whose draft the base is unsure at first. */
export async function openPageGateway({
  tokenMs = 4,
  text = DRAFT,
  ...more
}: PageGatewayOptions = {}): Promise<ScriptedGateway> {
  const beforeToken = () => new Promise<void>((resolve) => setTimeout(resolve, tokenMs));
  return await openScriptedGateway({
    playground: await readPlayground(),
    base: { next: unsureAtFirst(text), beforeToken, contextLength: 16_384 },
    draft: { next: writes(text), beforeToken, contextLength: 16_384 },
    ...more,
  });
}

function unsureAtFirst(text: string): NextToken {
  const bytes = new TextEncoder().encode(text);
  return byText((before) => {
    const written = before.slice(before.lastIndexOf(MARKER) + MARKER.length);
    const length = new TextEncoder().encode(written).length;
    const next = bytes[length];
    if (next === undefined || next > 127) return { '</s>': 1 };
    const p = length < UNSURE ? 0.4 : 0.97;
    return { [String.fromCharCode(next)]: p, '~': 1 - p };
  });
}
