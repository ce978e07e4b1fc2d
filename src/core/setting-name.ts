const START = '\u{F0000}';
const END = '\u{F0001}';
const NAMES = new RegExp(`${START}(\\w+)${END}`, 'gu');

/**
 * The name of a setting within a message. The surface that shows the message spells it in its own way: `--top-p` on
 * the command line, `top_p` over HTTP.
 *
 * @param name as the library has it, such as `topP`
 */
export function settingName(name: string): string {
  return `${START}${name}${END}`;
}

/** The settings that a message names, in order. */
export function namedSettings(message: string): string[] {
  return [...message.matchAll(NAMES)].map(([, name]) => name!);
}

export function spellSettings(message: string, spelling: (name: string) => string): string {
  return message.replace(NAMES, (_, name: string) => spelling(name));
}
