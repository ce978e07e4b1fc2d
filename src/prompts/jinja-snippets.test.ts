import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import refused from '../../test/fixtures/jinja/refused.json' with { type: 'json' };
import rendered from '../../test/fixtures/jinja/rendered.json' with { type: 'json' };
import { BoundedInterpreter } from './bounded-interpreter.ts';
import { parseTemplate } from './parse-template.ts';
import { strftime } from './python/strftime.ts';

/** What the program that wrote the fixture gives its templates. */
const VALUES = {
  messages: [{ role: 'user', content: ' Hi 🎉 ' }],
  bos_token: '<s>',
  eos_token: '</s>',
  tools: null,
  documents: null,
  add_generation_prompt: true,
  strftime_now: (format: string) => strftime(new Date(2026, 2, 5, 14, 7, 9), format),
};

/** Brackets are gone when it is evaluated, and `(1 + 2) ~ 3` is right. Jinja2 has an error, so no template says it. */
const LENIENT = '{{ 1 + 2 ~ 3 }}';

const REFUSED: ReadonlyMap<string, string> = new Map(Object.entries(refused));

function render(source: string): string {
  return String(new BoundedInterpreter(VALUES).run(parseTemplate(source)).value);
}

suite('what Jinja2 3.1 makes of a template', () => {
  for (const { source, text } of rendered as readonly { readonly source: string; readonly text?: string }[]) {
    const reason = REFUSED.get(source);
    if (reason !== undefined)
      test(`${source} is refused by name`, () => assert.throws(() => render(source), { message: reason }));
    else if (text !== undefined) test(`${source} is the same`, () => assert.equal(render(source), text));
    else if (source !== LENIENT) test(`${source} is an error`, () => assert.throws(() => render(source)));
  }

  test('most of it is not refused', () => assert.ok(REFUSED.size < rendered.length / 5));
});

test('a name of a code that strftime_now does not know is told', () => {
  assert.throws(() => render("{{ strftime_now('%Q') }}"), { message: /strftime_now\(\) with %Q/ });
});

test('the ends and the length of a long text take no more memory than a template may', () => {
  const content = ` ${'x'.repeat(8_000_000)}🎉 `;
  const template = parseTemplate(
    '{{ messages[0].content | trim | length }} {{ messages[0].content.rstrip() | length }}',
  );
  const messages = [{ role: 'user', content }];
  assert.equal(new BoundedInterpreter({ ...VALUES, messages }).run(template).value, '8000001 8000002');
});

test('named arguments may come in any order', () => {
  assert.equal(render("{{ 'aab' | replace(new='x', old='a') }}"), 'xxb');
  assert.equal(render("{{ 'aab' | replace('a', count=1, new='x') }}"), 'xab');
});

test('emoji at the end of a text are stripped whole', () => {
  assert.equal(render("{{ 'a🎉🎉'.rstrip('🎉') }}{{ 'a🎉'.strip('x') }}"), 'aa🎉');
});

test('what a turn wrote before a break in a block stays', () => {
  assert.equal(render('{% for i in [1, 2] %}a{% if i == 2 %}b{% break %}{% endif %}{% endfor %}'), 'aab');
});
