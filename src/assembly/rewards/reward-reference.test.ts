import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseRewardReference } from './reward-reference.ts';

suite('a reward model is named', () => {
  const NAMED = {
    'reward.gguf': { kind: 'embedded', target: 'reward.gguf', options: {} },
    'hf:o/r/f.gguf#head=a%23b.safetensors': {
      kind: 'embedded',
      target: 'hf:o/r/f.gguf',
      options: { head: 'a#b.safetensors' },
    },
    './my#1.gguf': { kind: 'embedded', target: './my#1.gguf', options: {} },
    'c.gguf#label=harmless&template=t.jinja': {
      kind: 'embedded',
      target: 'c.gguf',
      options: { label: 'harmless', template: 't.jinja' },
    },
    'vllm:http://localhost:8000': { kind: 'vllm', target: 'http://localhost:8000', options: {} },
    'vllm:http://localhost:8000#org/Model-RM': {
      kind: 'vllm',
      target: 'http://localhost:8000',
      options: { model: 'org/Model-RM' },
    },
    'sglang:http://h:1#model=m&template=/t=1': {
      kind: 'sglang',
      target: 'http://h:1',
      options: { model: 'm', template: '/t=1' },
    },
    'judge:https://h/v1#gpt': { kind: 'judge', target: 'https://h/v1', options: { model: 'gpt' } },
  } as const;
  for (const [text, expected] of Object.entries(NAMED)) {
    test(`as ${text}`, () => assert.deepEqual(parseRewardReference(text), expected));
  }
});

suite('a reward model is refused in one sentence', () => {
  const REFUSED: Readonly<Record<string, RegExp>> = {
    'a.gguf#heads=x': /can't take "heads=x" behind its #: give one of head=, label=, template=/,
    'a.gguf#head=': /can't take "head="/,
    'vllm:http://h#template=t': /give one of model=/,
    'judge:http://h#rubric=%': /write % as %25/,
    'vllm:': /names no model/,
    '': /names no model/,
  };
  for (const [text, message] of Object.entries(REFUSED)) {
    test(`as ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseRewardReference(text), { name: 'ConfigError', code: 'bad-reward', message }));
  }
});
