/**
 * A pair as a model of the Vercel AI SDK (`npm install ai@7`):
 * npm run example -- examples/ai-sdk.ts "Write a recipe for pancakes."
 */
import { streamText } from 'ai';
import { loadPair } from 'wellbegun';
import { createWellbegun } from 'wellbegun/ai-sdk';

const pair = await loadPair();
const wellbegun = createWellbegun(pair);

const result = streamText({
  model: wellbegun('wsd'),
  prompt: process.argv[2] ?? 'Write a recipe for pancakes.',
  maxOutputTokens: 80,
  providerOptions: { wellbegun: { gamma: 0.8, window: 6 } },
});
for await (const text of result.textStream) process.stdout.write(text);
const { providerMetadata, usage } = await result.finalStep;
console.log(
  `\n\n${usage.outputTokens} tokens; the switch: ${JSON.stringify(providerMetadata?.['wellbegun']?.['switch'])}`,
);
await pair.close();
