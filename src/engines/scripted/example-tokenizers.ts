import { byteTokenizer } from './byte-tokenizer.ts';
import { learnMerges } from './learn-merges.ts';
import { mergeTokenizer } from './merge-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { wordTokenizer } from './word-tokenizer.ts';

const SAMPLE = `The cat sat on the mat. The other cat, though, didn't!\n\nThe mat (that one);\n    sat on    the cat...\n\n
The cat sat on the mat.\n\nThat's 1234 cats, and 1200 mats.\n\n\n--------- the end ---------\n        the\tend\n
你好世界。你好，世界！你好世界。猫坐在垫子上。猫坐在垫子上。 🎉🎉 👩‍👩‍👧 👩‍👩‍👧 🙂🙂 naïve café, naïve café\r\n\r\n
[User]\n[Assistant]\n[User]\n[Assistant]\n The cat sat on the mat: the cat sat. the cat sat.\n\nthe\n\nthe`;

/** A part of 🎉 as a token, as vocabularies of bytes have it. */
const HALF_EMOJI = Uint8Array.of(0xf0, 0x9f);

/**
 * Four granularities, for pairs with the same and with different tokenizers. All of them split emoji and rare
 * characters over several tokens; `merges` has tokens of a sign and the line ends after it, as GPT-4 and Llama 3 do.
 */
export const EXAMPLE_TOKENIZERS: Readonly<Record<'bytes' | 'characters' | 'words' | 'merges', Tokenizer>> = {
  bytes: byteTokenizer(),
  characters: wordTokenizer([...Array.from('éïñ你好世界。，！猫坐在上'), HALF_EMOJI]),
  words: wordTokenizer([
    ...[' the', ' The', 'The', ' cat', ' sat', ' on', ' mat', 'at', 'th', ' 12', '34', '[User', ']\n', '\n['],
    ...['.\n', '.\n\n', '\n\n', '\n', '  ', '    ', '\t\t', '--', '----', '...', '你好', '世界', '🎉🎉', HALF_EMOJI],
  ]),
  merges: mergeTokenizer({ merges: learnMerges(SAMPLE, 150) }),
};
