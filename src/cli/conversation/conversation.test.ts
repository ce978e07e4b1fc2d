import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { Conversation } from './conversation.ts';

const SYSTEM: ChatMessage = { role: 'system', content: 'Be brief.' };

function talked(): Conversation {
  const conversation = new Conversation([SYSTEM]);
  for (const turn of ['1', '2']) {
    conversation.ask(`q${turn}`);
    conversation.answer(`a${turn}`);
  }
  return conversation;
}

const said = ({ messages }: Conversation) => messages.map(({ content }) => content);

test('questions and answers are taken back one after another, and no further', () => {
  const conversation = talked();
  assert.ok(conversation.reopen() && conversation.isOpen);
  assert.deepEqual(said(conversation), ['Be brief.', 'q1', 'a1', 'q2']);
  assert.ok(conversation.undo());
  assert.deepEqual(said(conversation), ['Be brief.', 'q1', 'a1']);
  assert.ok(conversation.undo() && conversation.isEmpty);
  assert.ok(!conversation.undo() && !conversation.reopen());
  assert.deepEqual(said(conversation), ['Be brief.']);
});

test('the system message may change in the middle, and outlives a reset', () => {
  const conversation = talked();
  conversation.setSystem('Rhyme.');
  assert.deepEqual(said(conversation), ['Rhyme.', 'q1', 'a1', 'q2', 'a2']);
  conversation.reset();
  assert.deepEqual(said(conversation), ['Rhyme.']);
  conversation.setSystem('');
  assert.deepEqual(said(conversation), []);
});
