/** Writes docs/settings.md from the tables of settings; with --check, says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import {
  decodingSettings,
  fieldOf,
  flagOf,
  keyOf,
  pairSettings,
  serverSettings,
  type Setting,
  type SettingTable,
  variableOf,
} from '../src/settings/index.ts';

const FILE = 'docs/settings.md';

const INTRODUCTION = `# Settings

Every setting, from the tables in \`src/settings/\` (\`npm run build:settings\` writes this page). What is given on the command
line goes before the environment, the environment before the config file. The environment's name of a setting is
\`${variableOf('topP')}\` for \`${flagOf('topP')}\`, and so on.

- **config file** is the key in \`wellbegun.config.json\`; **library** that of \`ModelSettings\` or \`DecodeOptions\`;
  **request** the field of a request to the gateway, and of a line of a batch where OpenAI's API has one.
- **changes** says what depends on it: the *text* of responses (an interrupted batch goes on only with the same value), the
  *time* they take, or *neither*.`;

const SECTIONS: readonly (readonly [title: string, table: SettingTable])[] = [
  ['Models', pairSettings],
  ['Decoding and sampling', decodingSettings],
  ['The gateway', serverSettings],
];

const HEAD = [
  'option',
  'config file',
  'library',
  'request',
  'takes',
  'default',
  'changes',
  'what it is for',
  'used by',
];

function section(title: string, table: SettingTable): string {
  const rows = Object.entries(table).map(([name, setting]) => row(name, setting).map(cell).join(' | '));
  return `## ${title}\n\n| ${HEAD.join(' | ')} |\n|${' --- |'.repeat(HEAD.length)}\n${rows.map((text) => `| ${text} |`).join('\n')}`;
}

function row(name: string, setting: Setting): string[] {
  const isWritten = setting.group !== undefined;
  return [
    isWritten ? code(`${flagOf(name)} ${setting.value ?? ''}`.trim()) : '',
    isWritten ? code(keyOf(name)) : '',
    setting.personOnly ? '' : code(name),
    code(fieldOf(name)),
    (setting.written ?? setting).takes,
    code(setting.default?.toString()),
    setting.effect,
    setting.secret ? `${setting.words}; never written down` : setting.words,
    usedBy(setting),
  ];
}

function usedBy({ usedBy, servers, embedded }: Setting): string {
  if (servers) return `models on servers: ${servers.join(', ')}`;
  if (embedded) return 'models in the process';
  if (usedBy === undefined) return 'all';
  return usedBy === 'switch'
    ? 'strategies with a switch'
    : usedBy === 'urial'
      ? 'urial'
      : `strategies with a ${usedBy}`;
}

function code(text: string | undefined): string {
  return text === undefined || text === '' ? '' : `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const page = [INTRODUCTION, ...SECTIONS.map(([title, table]) => section(title, table))].join('\n\n');
const text = await format(`${page}\n`, { parser: 'markdown', printWidth: 120 });
if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(`${FILE} is out of date: run npm run build:settings.`);
  process.exitCode = 1;
}
