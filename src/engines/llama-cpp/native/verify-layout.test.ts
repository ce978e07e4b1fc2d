import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openLibrary } from './llama-library.ts';
import { verifyLayout } from './verify-layout.ts';

const library = openLibrary();
const DEFAULTS = {
  model: library.modelDefaultParams(),
  context: library.contextDefaultParams(),
  threadpoolOfThree: library.threadpoolDefaultParams(3),
};
const NAMES = {
  model: 'llama_model_params',
  context: 'llama_context_params',
  threadpoolOfThree: 'ggml_threadpool_params',
} as const;

function changed(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return 1n;
}

suite('the layout check', () => {
  test('accepts the pinned library', () => verifyLayout(DEFAULTS));

  for (const struct of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    test(`names any field of ${NAMES[struct]} that is not what it was`, () => {
      // The processor mask is an array of 512 times the same, and all fields after it would move with it.
      for (const [field, value] of Object.entries(DEFAULTS[struct]).filter(([name]) => name !== 'cpumask')) {
        const defaults = { ...DEFAULTS, [struct]: { ...DEFAULTS[struct], [field]: changed(value) } };
        const sentence = new RegExp(`${NAMES[struct]}\\.${field} is .+ where .+ was expected\\. Run "npm ci"`);
        assert.throws(() => verifyLayout(defaults), { name: 'EngineError', code: 'library-layout', message: sentence });
      }
    });
  }
});
