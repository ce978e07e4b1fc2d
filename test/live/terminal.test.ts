import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { CTRL_C, noTerminal, openTerminal } from './terminal.ts';

const DRAFT_COLOUR = /\u001b\[36m/;
const SWITCH_MARK = /\u001b\[33m⟫\u001b\[39m/;
const ANY_COLOUR = /\u001b\[[\d;]*m/;
const ANY_ESCAPE = /\u001b\[/;

suite('a person at a terminal', { skip: noTerminal }, () => {
  test('sees two colours, a mark at the switch, and a last line', async () => {
    const session = openTerminal(['run', 'How do I make a cup of tea?', '--max-tokens', '16', '--gamma', '0.5']);
    await session.expect(DRAFT_COLOUR);
    await session.expect(SWITCH_MARK);
    await session.expect(/k = \d+ base tokens \(base confident\) · \d+ tokens/);
    assert.equal(await session.exitCode, 0);
  });

  test('sees no colours with NO_COLOR', async () => {
    const args = ['run', 'Name a river.', '--max-tokens', '8', '--max-draft', '12'];
    const session = openTerminal(args, { NO_COLOR: '1' });
    assert.equal(await session.exitCode, 0);
    assert.doesNotMatch(session.shown(), ANY_COLOUR);
    assert.ok(!session.shown().includes('⟫'));
    assert.match(session.shown(), /k = \d+/);
  });

  test('stops a run with Ctrl-C', async () => {
    const session = openTerminal(['run', 'Tell me a very long story.', '--gamma', '1']);
    await session.expect(DRAFT_COLOUR);
    session.type(CTRL_C);
    assert.equal(await session.exitCode, 130);
    assert.doesNotMatch(session.shown(), /^ {4}at |Error/m);
  });

  test('talks, stops an answer but not the program with Ctrl-C, and leaves', async () => {
    const session = openTerminal(['chat', '--max-draft', '200', '--max-tokens', '200', '--gamma', '0.9999']);
    await session.expect(/\/help lists commands/);
    await session.expect(/> /);
    session.type('Tell me a very long story.\r');
    await session.expect(DRAFT_COLOUR);
    session.type(CTRL_C);
    await session.expect(/\(stopped\)/);
    await session.expect(/> /);
    session.type('/nothing\r');
    await session.expect(/There is no command \/nothing/);
    session.type('/reset\r');
    await session.expect(/> /);
    session.type('Tell me a very long story.\r');
    await session.expect(DRAFT_COLOUR);
    session.type(CTRL_C);
    await session.expect(/\(stopped\)/);
    await session.expect(/> /);
    session.type('/exit\r');
    assert.equal(await session.exitCode, 0);
    assert.match(session.shown(), ANY_ESCAPE);
    assert.doesNotMatch(session.shown(), /^ {4}at |not foreseen/m);
  });

  test('leaves with Ctrl-C or Ctrl-D at the prompt', async () => {
    for (const key of [CTRL_C, '\u0004']) {
      const session = openTerminal(['chat', '--strategy', 'draft']);
      await session.expect(/> /);
      session.type(key);
      assert.equal(await session.exitCode, 0);
    }
  });
});
