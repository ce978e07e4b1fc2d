import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import type { Command } from 'commander';
import ts from 'typescript';
import manifest from '../../package.json' with { type: 'json' };
import clients from '../clients/package.json' with { type: 'json' };
import { COMMANDS } from '../../src/cli/commands.ts';
import { NO_CONFIG } from '../../src/cli/options/no-config.ts';
import { codeBlocks, pages, readPage, ROOT } from './code-blocks.ts';
import { commandsOf } from './commands-of.ts';

suite('the pages of the project', () => {
  test('a shell is understood as a shell understands it', () => {
    const script = 'A=1 wellbegun run "a b" \\\n  --gamma 0.8 | cat &\nnpm ci && npm test\necho "x" > y/z.txt';
    const commands = commandsOf(script).map((words) => words.join('|'));
    assert.deepEqual(commands.toSorted(), ['cat', 'npm|ci', 'npm|test', 'wellbegun|run|a b|--gamma|0.8']);
  });

  test('every command that they show exists, with all of its options', async () => {
    const blocks = codeBlocks('sh', 'bash', 'console');
    let found = 0;
    for (const { place, code } of blocks) {
      for (const words of commandsOf(code)) {
        found += 1;
        await assertCommand(words, place);
      }
    }
    assert.ok(found > 20, 'the pages have commands');
  });

  test('every block of TypeScript compiles', () => {
    assert.deepEqual(compile(codeBlocks('ts', 'typescript')), []);
  });

  test('every link to a file of the project leads to one', () => {
    for (const page of pages()) {
      for (const [, target = ''] of readPage(page).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|mailto:)/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
        assert.ok(existsSync(file), `${page} links to ${target}, which is not there`);
        if (anchor !== undefined && file.endsWith('.md')) assertAnchor(page, file, anchor);
      }
    }
  });
});

async function assertCommand([program, ...args]: readonly string[], place: string): Promise<void> {
  if (program === 'wellbegun') return await assertOptions(args, place);
  if (program === 'node') return assertFile(args.find((arg) => !arg.startsWith('-')) ?? '', place);
  if (program !== 'npm' || (args[0] !== 'run' && args[0] !== 'start')) return;
  const words = args.filter((arg) => arg !== '--silent');
  const script = words[0] === 'start' ? 'start' : (words[1] ?? '');
  assert.ok(script in manifest.scripts, `${place}: package.json has no script ${script}`);
  const rest = words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
  if (script === 'wellbegun') await assertOptions(rest, place);
  if (script === 'start') await assertOptions(['run', ...rest], place);
  if (script === 'example') assertFile(rest[0] ?? '', place);
}

async function assertOptions(args: readonly string[], place: string): Promise<void> {
  const [name = '', ...rest] = args.filter((arg) => arg !== '--debug');
  if (name === '' || name.startsWith('-')) return;
  assert.ok(Object.hasOwn(COMMANDS, name), `${place}: there is no command ${name}`);
  const loaded = await COMMANDS[name]!.load(NO_CONFIG);
  const within = loaded.commands.find((one) => one.name() === rest[0]);
  if (within) rest.shift();
  const command: Command = within ?? loaded;
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  let unknown: string[];
  try {
    ({ unknown } = command.parseOptions(rest.filter((arg) => arg !== '--help')));
  } catch (error) {
    assert.fail(`${place}: wellbegun ${args.join(' ')}: ${(error as Error).message}`);
  }
  assert.deepEqual(unknown, [], `${place}: wellbegun ${name} does not know ${unknown[0] ?? ''}`);
}

function assertFile(path: string, place: string): void {
  assert.ok(existsSync(join(ROOT, path)), `${place}: there is no ${path}`);
}

/** As GitHub makes them of headings. */
function assertAnchor(page: string, file: string, anchor: string): void {
  const headings = [...readPage(file.slice(ROOT.length + 1)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  assert.ok(headings.includes(anchor), `${page} links to #${anchor} of ${file}, which has no such heading`);
}

/** Packages that are installed for the tests of clients alone, where the same calls are compiled and run. */
const ofClients = (fault: string): boolean =>
  Object.keys(clients.dependencies).some((name) => fault.includes(`Cannot find module '${name}'`));

/** What the compiler says of blocks, each a module of its own that imports the library as a user does. */
function compile(blocks: ReturnType<typeof codeBlocks>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options: own } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const options = { ...own, noUnusedLocals: false, noUnusedParameters: false };
  const files = new Map(
    blocks.map(({ code }, i) => [join(ROOT, 'test/docs', `block-${i}.ts`), `${code}\nexport {};\n`]),
  );
  const host = ts.createCompilerHost(options);
  const onDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (path, target, ...rest) => {
    const code = files.get(path);
    return code === undefined ? onDisk(path, target, ...rest) : ts.createSourceFile(path, code, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path, i) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${blocks[i]!.place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
      .filter((fault) => !ofClients(fault)),
  );
}
