import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { z } from 'zod';

import { compareResult, type RunResult, runResult } from '../../src/assembly/run-result.ts';
import { PIECE_PROBABILITIES } from '../fixtures/tiny-gguf/sentencepiece-probability.ts';
import { STORY_PIECE_IDS } from '../fixtures/tiny-gguf/sentencepiece.ts';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { assertRefused, makePlace, type Place, ROOT } from './support.ts';

/** Where six of the base's probabilities in a row first have a geometric mean of 0.8, the last of them included. */
const K = 16;
const WINDOW = 6;

const hasScript = spawnSync('script', ['--version']).status === 0;
const needsTerminal = hasScript ? {} : { skip: 'needs script(1) of util-linux for a pseudo-terminal' };

suite('the answer on stdout', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const json = async (...args: string[]): Promise<RunResult> => {
    const { stdout, stderr, code } = await place.run(['run', '--json', ...args]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.indexOf('\n'), stdout.length - 1, 'one line');
    const parsed: unknown = JSON.parse(stdout);
    const result = runResult.parse(parsed);
    assert.deepEqual(parsed, result, 'no field that the contract does not know');
    assertCoherent(result);
    return result;
  };

  test('is the response alone; all else goes to stderr', async () => {
    const { stdout, stderr, code } = await place.run(['run', 'Tell', 'me a story.']);
    assert.equal(stdout, `${STORY}\n`);
    assert.match(stderr, /^k = 16 base tokens \(base confident\) · 24 tokens · [\d.]+ tokens\/s · first [\d.]+ s\n$/);
    assert.equal(code, 0);
  });

  test('is the same from stdin', async () => {
    for (const args of [['run'], ['run', '-']]) {
      assert.equal((await place.run(args, { input: 'Tell me a story. 🙂\n' })).stdout, `${STORY}\n`);
    }
  });

  test('is to the text of stdin without its last end of a line', async () => {
    const template = join(await place.newFolder(), 'quote.jinja');
    await writeFile(template, '{{ raise_exception(messages[-1].content | tojson) }}');
    for (const [input, prompt] of [
      ['hi', '"hi"'],
      ['hi\n', '"hi"'],
      ['hi\r\n', '"hi"'],
      ['hi\n\n', '"hi\\n"'],
    ] as const) {
      const { stderr } = await place.run(['run', '--template', template], { input });
      assert.equal(/\((".*")\)/.exec(stderr)?.[1], prompt, stderr);
    }
  });

  test('has no colours, not even where they are forced and NO_COLOR forbids them', async () => {
    const forced = await place.run(['run', 'hi'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    assert.doesNotMatch(forced.stdout + forced.stderr, /\u001b/);
  });

  test('has no colours in a file of notices, not even beside a terminal', needsTerminal, async () => {
    const cwd = await place.newFolder();
    const wrap = (words: readonly string[]) => {
      const command = words.map((word) => `'${word}'`).join(' ');
      return ['script', '--quiet', '--return', '--command', `${command} 2>> notices.txt`, '/dev/null'];
    };
    const { stdout } = await place.run(['run', 'hi'], { cwd, wrap });
    await place.run(['run', ''], { cwd, wrap });
    assert.match(stdout, /\u001b\[36m/, 'the terminal has colours');
    assert.match(await readFile(join(cwd, 'notices.txt'), 'utf8'), /^k = 16 .*\nwellbegun: The prompt is empty.*\n$/);
  });

  test('as --json keeps the contract and has the known numbers', async () => {
    const result = await json('Tell me a story.');
    assert.equal(result.text, STORY);
    assert.equal(result.strategy, 'wsd');
    assert.deepEqual(result.switch, { index: K, reason: 'confident', draftTokens: 23 });
    assert.deepEqual(result.models, { base: 'sentencepiece', draft: 'byte-bpe' });
    assert.equal(result.finishReason, 'stop');
    assert.deepEqual(
      result.tokens.map(({ id }) => id),
      STORY_PIECE_IDS,
    );
    const kept = result.tokens.slice(0, K);
    for (const [i, { logprob, window }] of kept.entries()) {
      assertNear(logprob, Math.log(PIECE_PROBABILITIES[i]!));
      const last = PIECE_PROBABILITIES.slice(i - WINDOW + 1, i + 1);
      if (i < WINDOW - 1) assert.equal(window, null);
      else assertNear(window, Math.exp(last.reduce((sum, p) => sum + Math.log(p), 0) / WINDOW));
    }
    assert.equal(
      kept.findIndex(({ window }) => window !== null && window >= 0.8),
      K - 1,
    );
  });

  test('as --json says what was asked: messages, prompt, models, criterion, and settings that change the text', async () => {
    const given = ['--gamma', '0.5', '--max-draft', '9', '--threads', '1', '--seed', '3', '--system', 'Be brief.'];
    const { version, request } = await json(...given, 'hi');
    assert.equal(version, 1);
    const { prompt, models, ...asked } = request;
    assert.deepEqual(asked, {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      strategy: 'wsd',
      criterion: 'confidence(window=6, threshold=0.5)',
      settings: {
        template: 'plain',
        repack: false,
        kvType: 'f16',
        maxDraft: 9,
        onLoop: 'stop',
        onNoSwitch: 'continue',
        temperature: 0,
        seed: 3,
      },
    });
    const read = prompt!.text.map(({ text }) => text).join('');
    assert.ok(read.includes('Be brief.') && read.includes('hi'), read);
    const bytes = await readFile(place.models.sentencepiece);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual(models['base'], { named: place.models.sentencepiece, sha256 });
    assert.deepEqual(Object.keys(models).sort(), ['base', 'draft']);
  });

  test('as --json of the draft alone has no prompt of the base, and no criterion', async () => {
    const { request } = await json('--strategy', 'draft', 'hi');
    assert.deepEqual([request.prompt, request.criterion, Object.keys(request.models)], [null, null, ['draft']]);
  });

  test('the schema file is what the contract generates', async () => {
    const file: unknown = JSON.parse(await readFile(join(ROOT, 'schemas/run-result.schema.json'), 'utf8'));
    const { title, ...schema } = file as { title: string };
    assert.ok(title);
    assert.deepEqual(schema, JSON.parse(JSON.stringify(z.toJSONSchema(runResult))));
  });

  test('--trace writes the same object', async () => {
    const trace = join(await place.newFolder(), 'trace.json');
    const result = await json('--trace', trace, 'hi');
    assert.deepEqual(JSON.parse(await readFile(trace, 'utf8')), result);
  });

  test('other settings switch elsewhere', async () => {
    assert.equal((await json('--gamma', '0.1', 'hi')).switch?.index, WINDOW);
    assert.equal((await json('--window', '1', '--gamma', '0.89', 'hi')).switch?.index, 2);
    const never = await json('--gamma', '1', 'hi');
    assert.deepEqual([never.switch?.reason, never.text], ['draft-ended', STORY]);
    const limit = await json('--max-draft', '5', 'hi');
    assert.deepEqual([limit.switch?.reason, limit.switch?.draftTokens], ['draft-limit', 5]);
    assert.equal((await json('--max-draft', '0', 'hi')).usage.draftTokens, 0);
  });

  test('--on-no-switch stop ends where the draft does', async () => {
    const stopped = await json('--on-no-switch', 'stop', '--max-draft', '5', 'hi');
    assert.equal(stopped.text, 'Rain fell softly while an');
    assert.equal(stopped.finishReason, 'length');
    assert.ok(stopped.tokens.every(({ source }) => source === 'draft'));
    assert.equal((await json('--on-no-switch', 'stop', '--gamma', '1', 'hi')).finishReason, 'stop');
  });

  test('--max-tokens cuts what the base writes', async () => {
    const { usage, finishReason, text } = await json('--max-tokens', '2', 'hi');
    assert.deepEqual([usage.baseTokens, finishReason], [2, 'length']);
    assert.equal(text, 'Rain fell softly while an old grey cat slept by the warm café door');
  });

  test('--stop ends the response before it, in the draft and in the base', async () => {
    const inDraft = await json('--stop', ' old', 'hi');
    assert.deepEqual([inDraft.text, inDraft.finishReason], ['Rain fell softly while an', 'stop']);
    const inBase = await json('--stop', 'never', '--stop', 'door', 'hi');
    assert.deepEqual(
      [inBase.text, inBase.finishReason],
      ['Rain fell softly while an old grey cat slept by the warm café ', 'stop'],
    );
  });

  test('--strategy base and draft write alone', async () => {
    const base = await json('--strategy', 'base', '--max-tokens', '20', 'hi');
    assert.deepEqual([base.switch, base.models.draft, base.usage.keptDraftTokens], [null, null, 0]);
    const draft = await json('--strategy', 'draft', 'hi');
    assert.deepEqual([draft.switch, draft.models.base, draft.text], [null, null, STORY]);
  });

  test('--compare answers with each, and says how fast', async () => {
    const { stdout, stderr } = await place.run(['run', '--compare', '--max-tokens', '20', 'hi']);
    assert.match(stdout, /^── base ──\nRain fell[^⟫]*\n── draft ──\nRain fell[^⟫]*\n── wsd ──\nRain fell.*⟫.*\n$/);
    assert.match(
      stderr,
      /tokens +tokens\/s +time\/base +switch\nbase .* 1\.00\ndraft .*\nwsd .* k = 16 base tokens \(base confident\)\n$/,
    );
    const asJson = await place.run(['run', '--compare', '--json', '--max-tokens', '20', 'hi']);
    const { compare } = compareResult.parse(JSON.parse(asJson.stdout));
    assert.deepEqual(
      compare.map(({ strategy }) => strategy),
      ['base', 'draft', 'wsd'],
    );
  });

  test('--show-confidence shows a bar a token on stderr, and is refused beside --json', async () => {
    const { stdout, stderr } = await place.run(['run', '--show-confidence', 'hi']);
    assert.match(stdout, /^Rain fell[^▁▂▃▄▅▆▇█]*\n$/);
    assert.match(stderr, /^Probability of each token, the base's .*:\n[▁▂▃▄▅▆▇█]{16}⟫\nk = 16 /);
    const refused = await place.run(['run', '--show-confidence', '--json', 'hi']);
    assertRefused(refused, { code: 2, says: /leave one out/ });
  });

  test('--messages takes what clients of the OpenAI API write: parts of text, and the role developer', async () => {
    const parts = ['Tell me ', 'a story.'].map((text) => ({ type: 'text', text }));
    const written = [
      { role: 'developer', content: 'Be kind.' },
      { role: 'user', content: parts },
    ];
    const plain = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Tell me a story.' },
    ];
    const answers = await Promise.all(
      [written, plain].map(async (messages, i) => {
        const file = join(place.folder, `parts-${i}.json`);
        await writeFile(file, JSON.stringify({ messages }));
        const { stdout } = await place.run(['run', '--messages', file, '--json']);
        return JSON.parse(stdout) as { readonly text: string; readonly usage: object };
      }),
    );
    assert.deepEqual(answers[0]?.usage, answers[1]?.usage);
    assert.equal(answers[0]?.text, STORY);
  });

  test('--messages answers a conversation, and goes on from the beginning of an answer', async () => {
    const path = join(await place.newFolder(), 'messages.json');
    const turns = [
      { role: 'system', content: 'You tell stories.' },
      { role: 'user', content: 'Tell me one.' },
      { role: 'assistant', content: STORY },
      { role: 'user', content: 'Again, with 🙂.' },
    ];
    await writeFile(path, JSON.stringify(turns));
    const conversation = await json('--messages', path);
    assert.equal(conversation.text, STORY);
    assert.ok(conversation.usage.promptTokens > (await json('Again, with 🙂.')).usage.promptTokens);
    await writeFile(path, JSON.stringify({ messages: [...turns, { role: 'assistant', content: 'Rain fell' }] }));
    assert.equal((await json('--messages', path)).text, STORY.slice('Rain fell'.length));
  });
});

/** What holds for every result. */
function assertCoherent({ text, tokens, usage, switch: change, timings }: RunResult): void {
  assert.equal(tokens.map((token) => token.text).join(''), text);
  assert.ok(text.isWellFormed() && !text.includes('\u{FFFD}'));
  const drafted = tokens.filter(({ source }) => source === 'draft');
  assert.deepEqual(tokens.slice(0, drafted.length), drafted, 'the draft comes first');
  assert.equal(usage.keptDraftTokens, drafted.length);
  assert.equal(usage.baseTokens, tokens.length - drafted.length);
  assert.equal(usage.totalTokens, usage.promptTokens + tokens.length);
  if (change) assert.equal(change.index, drafted.length);
  if (change) assert.ok(drafted.every(({ logprob }) => logprob !== null));
  assert.ok(tokens.every(({ source, logprob, window }) => source === 'draft' || (logprob === null && window === null)));
  assert.ok(timings.totalMs >= (timings.firstTokenMs ?? 0));
}

function assertNear(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-4, `${String(actual)} is not ${expected}`);
}
