/**
 * Streams one answer and marks where the base takes over:
 * npm run example -- examples/stream.ts "Write a recipe for pancakes."
 */
import { decode, loadPair } from 'wellbegun';

const pair = await loadPair();
const prompt = process.argv[2] ?? 'Write a recipe for pancakes.';
for await (const event of decode(pair, { prompt, maxResponseTokens: 80 })) {
  if (event.type === 'token') process.stdout.write(event.text);
  if (event.type === 'model-switch') process.stdout.write(' ⟫');
  if (event.type === 'decode-end') console.log(`\n\n${event.usage.keptDraftTokens} tokens from the draft.`);
}
await pair.close();
