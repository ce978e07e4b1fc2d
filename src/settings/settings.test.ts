import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import { checkSettings } from './check-settings.ts';
import { commandSettings } from './commands.ts';
import { dataCheckSettings, importSettings, mixSettings, synthSettings } from './data.ts';
import { decodingSettings, recordedSettings } from './decoding.ts';
import { modelSettings } from './model.ts';
import { fieldOf, flagOf, keyOf, settingOfKey, variableOf } from './names.ts';
import { requestFields, samplingSettings, switchSettings } from './request-fields.ts';
import { serverSettings } from './server.ts';
import type { Setting, SettingTable } from './setting.ts';

const TABLES: readonly SettingTable[] = [
  commandSettings,
  serverSettings,
  modelSettings,
  decodingSettings,
  importSettings,
  dataCheckSettings,
  mixSettings,
  synthSettings,
];

/** Inputs of commands, which are no settings. */
const INPUTS = ['messages', 'prompts', 'record', 'targetShare', 'targetTokens'];

test('a calibration records what a draft depends on under every criterion, not what changes the speed alone', () => {
  assert.deepEqual(Object.keys(recordedSettings), [
    'maxDraft',
    'system',
    'temperature',
    'topP',
    'topK',
    'minP',
    'repetitionPenalty',
    'seed',
  ]);
});

suite('the name of a setting in a fault', () => {
  const error = new ConfigError('x', `Lower ${settingName('maxDraft')}, or raise ${settingName('context')}.`);

  test('is the surface that shows it', () => {
    assert.equal(error.message, 'Lower maxDraft, or raise context.');
    assert.equal(error.spelled(flagOf), 'Lower --max-draft, or raise --context.');
    assert.equal(error.setting, 'maxDraft');
    assert.equal(new ConfigError('x', 'No setting.').setting, undefined);
  });

  test('is known to a table wherever a source names one', () => {
    const known = new Set([...TABLES.flatMap((table) => Object.keys(table)), ...INPUTS]);
    const sources = globSync('src/**/*.ts').filter((path) => !path.endsWith('.test.ts'));
    const named = sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/settingName\('(\w+)'\)/g)].map(([, name]) => `${path}: ${name}`),
    );
    assert.ok(named.length > 40);
    assert.deepEqual(
      named.filter((place) => !known.has(place.split(': ')[1]!) && !place.includes('setting-name')),
      [],
    );
  });

  test('is no flag of the command line outside of it', () => {
    const flags = TABLES.flatMap((table) => Object.keys(table)).map((name) => `${flagOf(name)}(?![\\w-])`);
    const flag = new RegExp(`['"\`( ](${flags.join('|')})`);
    const rooms = ['core', 'engines', 'strategies', 'assembly', 'prompts', 'server', 'batch', 'ai-sdk'];
    const lines = rooms.flatMap((room) =>
      globSync(`src/${room}/**/*.ts`, { exclude: ['**/*.test.ts'] }).flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => !/^\s*(\*|\/)/.test(line) && flag.test(line) && !line.includes('.describe('))
          .map((line) => `${path}: ${line.trim()}`),
      ),
    );
    assert.deepEqual(lines, []);
  });
});

suite('the names of a setting', () => {
  test('follow from its own, or from its flag', () => {
    for (const [name, flag, key, variable, field] of [
      ['maxDraft', '--max-draft', 'maxDraft', 'WELLBEGUN_MAX_DRAFT', 'max_draft'],
      ['serverTimeoutMs', '--server-timeout', 'serverTimeout', 'WELLBEGUN_SERVER_TIMEOUT', undefined],
      ['speculate', '--speculation', 'speculation', 'WELLBEGUN_SPECULATION', undefined],
      [
        'maxResponseTokens',
        '--max-response-tokens',
        'maxResponseTokens',
        'WELLBEGUN_MAX_RESPONSE_TOKENS',
        'max_tokens',
      ],
      ['context', '--context', 'context', 'WELLBEGUN_CONTEXT', undefined],
    ] as const) {
      assert.deepEqual([flagOf(name), keyOf(name), variableOf(name), fieldOf(name)], [flag, key, variable, field]);
    }
    for (const name of ['serverTimeout', 'serverTimeoutMs'])
      assert.equal(settingOfKey(name), modelSettings.serverTimeoutMs);
    assert.equal(settingOfKey('constructor'), undefined);
  });

  test('are of one setting only', () => {
    const settings = new Map<string, Set<Setting>>();
    for (const [name, setting] of TABLES.flatMap((table) => Object.entries<Setting>(table))) {
      if (setting.group) settings.set(keyOf(name), (settings.get(keyOf(name)) ?? new Set()).add(setting));
    }
    assert.deepEqual(
      [...settings].filter(([, named]) => named.size > 1).map(([key]) => key),
      [],
    );
  });
});

suite('settings are read strictly', () => {
  for (const [values, says] of [
    [{ treads: 3 }, 'There is no setting "treads": did you mean "threads"?'],
    [{ constructor: 1 }, 'There is no setting "constructor": leave it out.'],
    [{ host: 'x' }, /^There is no setting "host"/],
    [{ context: 8 }, 'context must be a whole number of at least 16, not 8.'],
    [{ baseKey: '' }, 'baseKey must be a text that is not empty.'],
    [{ serverTimeoutMs: 'secret' }, /^serverTimeoutMs must be a number of milliseconds above 0, not "secret"\.$/],
  ] as const) {
    test(JSON.stringify(values), () => {
      assert.throws(() => checkSettings(modelSettings, values), { name: 'ConfigError', message: says });
    });
  }

  test('a seed has 32 bits', () => {
    checkSettings(decodingSettings, { seed: 2 ** 32 - 1 });
    for (const seed of [2 ** 32, -1, 0.5]) {
      assert.throws(() => checkSettings(decodingSettings, { seed }), { code: 'bad-seed' });
    }
  });
});

test('a request says in snake case what it may, and the rest is not there', () => {
  const request = { gamma: 0.5, max_draft: 3, top_p: 0.9, seed: -1, model: 'x', context: 5 };
  assert.deepEqual(switchSettings(request), { gamma: 0.5, maxDraft: 3 });
  assert.deepEqual(samplingSettings(request), { topP: 0.9, seed: -1 });
  assert.equal('context' in requestFields, false);
  assert.equal(requestFields.max_draft.safeParse(-1).success, false);
});
