import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openScriptedGateway, readEvents, type ScriptedGateway } from '../../test/fixtures/scripted-gateway.ts';
import { EngineError } from '../core/errors.ts';

interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

const USER = [{ role: 'user', content: 'hi' }];

suite('a request that is refused', () => {
  let gateway: ScriptedGateway;
  before(async () => void (gateway = await openScriptedGateway({ limits: { bodyBytes: 5000 } })));
  after(() => gateway.close());

  const refuse = async (response: Response, status: number): Promise<ErrorBody['error']> => {
    const { error } = (await response.json()) as ErrorBody;
    assert.equal(response.status, status, error.message);
    assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code']);
    assert.match(error.message, /^\S.*[.]$/);
    assert.doesNotMatch(error.message, /--(gamma|max-tokens|criterion)/);
    return error;
  };

  for (const [param, fields] of [
    ['tools', { tools: [{ type: 'function' }] }],
    ['tool_choice', { tool_choice: 'required' }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['frequency_penalty', { frequency_penalty: 0.5 }],
    ['presence_penalty', { presence_penalty: -1 }],
    ['logit_bias', { logit_bias: { 5: 1 } }],
    ['top_logprobs', { logprobs: true, top_logprobs: 5 }],
    ['modalities', { modalities: ['audio'] }],
    ['best_of', { best_of: 2 }],
    ['audio', { audio: { voice: 'x' } }],
    ['prediction', { prediction: {} }],
    ['criterion_module', { criterion_module: './evil.js' }],
    ['messages.0.tool_call_id', { messages: [{ role: 'user', content: 'hi', tool_call_id: '1' }] }],
  ] as const) {
    test(`for ${param}, which the gateway does not do, is told its name`, async () => {
      const error = await refuse(await gateway.chat(fields), 400);
      assert.deepEqual(
        [error.param, error.code, error.type],
        [param, 'unsupported_parameter', 'invalid_request_error'],
      );
      assert.match(error.message, new RegExp(param.replaceAll('.', '\\.')));
    });
  }

  for (const [param, fields] of [
    ['messages', { messages: [] }],
    ['messages', { messages: [{ role: 'assistant', content: 'alone' }] }],
    ['messages', { messages: [...USER, { role: 'system', content: 'last' }] }],
    ['messages', { messages: 'hi' }],
    ['messages.0.role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }],
    ['temperature', { temperature: -1 }],
    ['temperature', { temperature: '1' }],
    ['top_p', { top_p: 0 }],
    ['n', { n: 0 }],
    ['n', { n: 17 }],
    ['stop', { stop: '' }],
    ['stop', { stop: '\ud83d' }],
    ['messages.0.tool_calls', { messages: [{ role: 'assistant', content: 'x', tool_calls: [{ id: '1' }] }, ...USER] }],
    ['stop', { stop: Array.from({ length: 17 }, () => 'x') }],
    ['seed', { seed: 1.5 }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_tokens', { max_tokens: 5, max_completion_tokens: 6 }],
    ['stream', { stream: 'yes' }],
    ['stream_options', { stream_options: { include_usage: true } }],
    ['gamma', { gamma: 2 }],
    ['window', { window: 0 }],
    ['max_draft', { max_draft: -1 }],
    ['on_no_switch', { on_no_switch: 'explode' }],
    ['trace', { trace: 1 }],
  ] as const) {
    test(`for ${JSON.stringify(fields).slice(0, 70)} names ${param}`, async () => {
      const error = await refuse(await gateway.chat(fields), 400);
      assert.deepEqual([error.param, error.type], [param, 'invalid_request_error']);
    });
  }

  for (const [says, fields] of [
    [/no criterion "evil"/, { criterion: 'evil(1)' }],
    [/criterion/, { criterion: './module.js' }],
    [/criterion can't be given together with gamma/, { criterion: 'always', gamma: 0.5 }],
    [/max_tokens 9000 can't fit/, { max_tokens: 9000 }],
    [/pair:base is one model alone.*gamma/, { model: 'pair:base', gamma: 0.5 }],
  ] as const) {
    test(`for ${JSON.stringify(fields)} is told why, also where it wants a stream`, async () => {
      for (const stream of [false, true]) {
        const error = await refuse(await gateway.chat({ ...fields, stream }), 400);
        assert.match(error.message, says);
      }
    });
  }

  test('for what the engine does not do is told why', async () => {
    assert.match((await refuse(await gateway.chat({ repetition_penalty: 1.1 }), 400)).message, /repetition penalty/);
  });

  test('for an unknown model is told where to look', async () => {
    for (const response of [await gateway.chat({ model: 'gpt-4o' }), await fetch(`${gateway.url}/v1/models/gpt-4o`)]) {
      const error = await refuse(response, 404);
      assert.deepEqual([error.code, error.param], ['model_not_found', 'model']);
    }
  });

  test('without JSON, or with another value than an object, says so', async () => {
    for (const body of ['', '{', '[]', '3', 'null', '"x"']) {
      assert.equal((await refuse(await gateway.post('/v1/chat/completions', body), 400)).code, 'invalid_json');
    }
    assert.equal((await refuse(await gateway.post('/v1/chat/completions', '{}'), 400)).param, 'model');
  });

  test('with too long a body is refused, announced or not', async () => {
    const long = { messages: [{ role: 'user', content: 'x'.repeat(6000) }] };
    assert.equal((await refuse(await gateway.chat(long), 413)).code, 'body_too_long');
    const unannounced = new Blob([JSON.stringify({ model: 'pair', ...long })]).stream();
    const response = await gateway.chat({}, { body: unannounced, duplex: 'half' });
    assert.equal((await refuse(response, 413)).code, 'body_too_long');
    assert.match(await (await fetch(`${gateway.url}/metrics`)).text(), /status="413"\} 2$/m);
  });

  test('for another path or method is a 404 in the same form, which names what there is', async () => {
    for (const [path, method] of [
      ['/v1/chat/completions', 'GET'],
      ['/v1/images', 'POST'],
    ] as const) {
      const { message } = await refuse(await fetch(`${gateway.url}${path}`, { method }), 404);
      assert.match(message, /here, but .*GET \/v1\/models, .*POST \/v1\/chat\/completions/);
    }
  });

  test('for an image is told that it is one', async () => {
    const content = [{ type: 'image_url', image_url: { url: 'data:,' } }];
    const { message } = await refuse(await gateway.chat({ messages: [{ role: 'user', content }] }), 400);
    assert.match(message, /an image can't be read/);
  });

  test('that is not UTF-8 is told so, whatever its length says', async () => {
    const bytes = Buffer.from('{"model":"pair","messages":[{"role":"user","content":"caf\xe9"}]}', 'latin1');
    for (const body of [bytes, new Blob([bytes]).stream()]) {
      const { message } = await refuse(await gateway.chat({}, { body, duplex: 'half' }), 400);
      assert.match(message, /not UTF-8/);
    }
  });

  test('that breaks off is no failure of the gateway', async () => {
    const own = await openScriptedGateway();
    const { hostname, port } = new URL(own.url);
    for (const path of ['/v1/chat/completions', '/v1/completions', '/tokenize']) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"model":\r\n`);
      await delay(50);
      socket.destroy();
    }
    await delay(100);
    assert.deepEqual(
      own.log.filter(({ level }) => Number(level) >= 50),
      [],
    );
    assert.doesNotMatch(await (await fetch(`${own.url}/metrics`)).text(), /status="500"/);
    await own.close();
  });
});

suite('a failing engine', () => {
  const failing = (after: number) => {
    let tokens = 0;
    return {
      beforeToken: () => {
        if (tokens++ >= after) throw new EngineError('test', 'server-died', 'The engine at test died: start it again.');
      },
    };
  };

  test('before the reply begins is a 502, and is counted', async () => {
    const gateway = await openScriptedGateway({ draft: failing(0) });
    const response = await gateway.chat();
    assert.equal(response.status, 502);
    const { error } = (await response.json()) as ErrorBody;
    assert.deepEqual([error.type, error.code], ['server_error', 'server-died']);
    assert.match(
      await (await fetch(`${gateway.url}/metrics`)).text(),
      /engine_errors_total\{model="pair",code="server-died"\} 1/,
    );
    await gateway.close();
  });

  test('that is busy is a 503 that says when to ask again', async () => {
    const gateway = await openScriptedGateway({
      base: {
        beforeToken: () => {
          throw new EngineError('vllm', 'busy', 'vllm is busy: try again later.', { retryAfterMs: 6500 });
        },
      },
    });
    const response = await gateway.chat({ max_draft: 0 });
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '7']);
    await gateway.close();
  });

  test('that repeats the prompt does not bring it into the log', async () => {
    const reason = 'can not read "a-private-matter" with --temperature and --seed';
    const fail = () => {
      const message = `vllm at http://h failed (500: ${reason}): see its log.`;
      throw new EngineError('vllm', 'server-failed', message, { url: 'http://h', status: 500, reason });
    };
    const cause = new SyntaxError('Unexpected token, "a-private-matter" is not valid JSON');
    const failOtherwise = () => {
      throw new EngineError('vllm', 'bad-reply', 'vllm at http://h failed (500: not JSON).', {
        url: 'http://h',
        cause,
      });
    };
    const hidden = await openScriptedGateway({ base: { beforeToken: failOtherwise } });
    assert.equal((await hidden.chat({ max_draft: 0 })).status, 502);
    assert.ok(!JSON.stringify(hidden.log).includes('a-private-matter'));
    await hidden.close();
    for (const logPrompts of [false, true]) {
      const gateway = await openScriptedGateway({ base: { beforeToken: fail }, logPrompts });
      const { error } = (await (await gateway.chat({ max_draft: 0 })).json()) as ErrorBody;
      assert.match(error.message, /a-private-matter/);
      const line = gateway.log.find(({ level }) => level === 50);
      assert.match(String(line?.['msg']), /^vllm at http:\/\/h failed \(500: /);
      assert.equal(JSON.stringify(gateway.log).includes('a-private-matter'), logPrompts);
      await gateway.close();
    }
  });

  test('in the middle of a stream is the last event of it', async () => {
    const gateway = await openScriptedGateway({ base: failing(15) });
    const response = await gateway.chat({ stream: true });
    assert.equal(response.status, 200);
    const events = await readEvents(response);
    const last = events.at(-1) as ErrorBody;
    assert.equal(last.error.code, 'server-died');
    assert.ok(events.length > 3);
    await gateway.close();
  });

  test('that fails in an unforeseen way tells the log, not the client', async () => {
    const secret = 'secret-detail';
    const gateway = await openScriptedGateway({
      base: {
        beforeToken: () => {
          throw new TypeError(secret);
        },
      },
    });
    const response = await gateway.chat();
    const { error } = (await response.json()) as ErrorBody;
    assert.deepEqual([response.status, error.code], [500, 'internal_error']);
    assert.ok(!error.message.includes(secret));
    assert.ok(JSON.stringify(gateway.log).includes(secret));
    await gateway.close();
  });
});
