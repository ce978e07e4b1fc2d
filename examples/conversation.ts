/** Several turns, the second one stopped in the middle: npm run example -- examples/conversation.ts */
import { type ChatMessage, decode, loadPair } from 'wellbegun';

const pair = await loadPair();
const messages: ChatMessage[] = [{ role: 'system', content: 'You answer in one short paragraph.' }];

for (const question of ['What is a lighthouse for?', 'And who looks after it?']) {
  messages.push({ role: 'user', content: question });
  let answer = '';
  const stop = new AbortController();
  try {
    for await (const event of decode(pair, { messages, maxResponseTokens: 60, signal: stop.signal })) {
      if (event.type === 'token') answer += event.text;
      if (messages.length > 3 && answer.length > 100) stop.abort();
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  messages.push({ role: 'assistant', content: answer });
  console.log(`> ${question}\n${answer}\n`);
}
await pair.close();
