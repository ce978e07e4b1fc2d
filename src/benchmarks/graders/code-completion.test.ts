import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeCompletion } from './code-completion.ts';

const code = 'def f(x):\n    return x\n';

test('code without fences is taken as it is', () => {
  for (const raw of ['    return x\n', code, '', '\n    return "`"']) assert.equal(codeCompletion(raw, 'f'), raw);
});

test('of fenced answers the block that defines the function is taken', () => {
  assert.equal(codeCompletion(`\`\`\`python\n${code}\`\`\``, 'f'), code);
  assert.equal(codeCompletion(`Here it is:\n\n\`\`\`\n${code}\`\`\`\nIt returns x.`, 'f'), code);
  assert.equal(codeCompletion(`First:\n\`\`\`sh\npip\n\`\`\`\nthen\n\`\`\`py\n${code}\`\`\``, 'f'), code);
  assert.equal(codeCompletion(`\`\`\`python\n    return x\n\`\`\``, 'f'), '    return x\n');
  // Cut off by a limit of tokens.
  assert.equal(codeCompletion(`\`\`\`python\n${code}`, 'f'), code);
});

test('code that goes on until a closing fence ends there', () => {
  assert.equal(codeCompletion('    return x\n```\nThis returns x.', 'f'), '    return x\n');
});
