import { describeLanguageModel } from '../conformance/describe-language-model.ts';
import { EXAMPLE_TOKENIZERS } from './example-tokenizers.ts';
import { pseudoRandom } from './next-token.ts';
import { scriptedModel } from './scripted-model.ts';

for (const [name, tokenizer] of Object.entries(EXAMPLE_TOKENIZERS)) {
  const options = { tokenizer, bosText: '<s>', controlTexts: ['<|im_start|>', '<|im_end|>'] };
  const open = () => {
    const model = scriptedModel({ ...options, next: pseudoRandom(11, { endProbability: 0 }) });
    return Promise.resolve({ model, close: () => model.close() });
  };
  describeLanguageModel(`a scripted model of ${name}`, open, {
    prompt: [
      { text: '<s>', control: true },
      { text: '\n\n[User]\nHi\n\n[Assistant]\n', control: false },
    ],
    continuation: 'The cat sat on the mat. 🎉',
  });
}
