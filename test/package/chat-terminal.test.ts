import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { CTRL_C, noTerminal, openTerminal } from '../live/terminal.ts';
import { makePlace, type Place } from './support.ts';

suite('chat at a terminal', { skip: noTerminal }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const open = () => openTerminal(['chat'], { ...place.env, NO_COLOR: '1' });
  const [beginning = ''] = STORY.split(/\s/u);

  test('asks once more before Ctrl-C loses what was said', async () => {
    const session = open();
    await session.expect(/> /);
    session.type('hi\r');
    await session.expect(new RegExp(beginning, 'u'));
    await session.expect(/tokens\/s[^]*> /);
    session.type(CTRL_C);
    await session.expect(/Ctrl-C again leaves/);
    session.type('/undo\r');
    await session.expect(/are gone/);
    await session.expect(/> /);
    session.type(CTRL_C);
    assert.equal(await session.exitCode, 0);
  });

  test('Ctrl-C takes back what is typed, and twice leaves', async () => {
    const session = open();
    await session.expect(/> /);
    session.type('half a question');
    await session.expect(/half a question/);
    session.type(CTRL_C);
    await session.expect(/\^C[^]*> /);
    session.type('hi\r');
    await session.expect(/tokens\/s[^]*> /);
    session.type(CTRL_C);
    await session.expect(/Ctrl-C again leaves/);
    session.type(CTRL_C);
    assert.equal(await session.exitCode, 0);
    assert.doesNotMatch(session.shown(), /half a questionhi/);
  });
});
