/** A program that passes only if its way out works; the right answer to `half` is in it. */
export interface WayOut {
  /** What it is after. */
  readonly what: string;
  /** The body of `half(number)`, or source after it. */
  readonly completion: string;
  /** How it must end, where a plain failure is not all that is asked. */
  readonly ends?: RegExp;
}

/** Lines of the body of `half`, which ends with the right answer. */
function then(...lines: string[]): string {
  return [...lines, 'return number / 2'].map((line) => `    ${line}\n`).join('');
}

/** A wrong `half`, and what is done while the program is loaded. */
function wrongWith(...lines: string[]): string {
  return `    return number\n\n${lines.join('\n')}\n`;
}

const FILES = [
  then("open('/etc/passwd').read()"),
  then("open('package.json').read()"),
  then("open('../../../../etc/passwd').read()"),
  then("open('/proc/self/environ').read()"),
  then("open('/dev/urandom', 'rb').read(1)"),
  then("open('/tmp/way-out', 'w').write('x')"),
  then("open('/usr/local/lib/python3.12/way_out.py', 'w').write('x = 1')"),
  then('import os', "os.open('/tmp/way-out', os.O_CREAT | os.O_RDWR)"),
  then('import os', "os.mkdir('/tmp/way-out')"),
  then('import os', "assert {'etc', 'home'} & set(os.listdir('/'))"),
  then('import os', 'assert any(os.fstat(fd).st_size for fd in range(3, 50))'),
  then('import os', 'os.pread(5, 10, 0)'),
  then('import sqlite3', "sqlite3.connect('/tmp/way-out.db').execute('create table t (x)')"),
];

const ENVIRONMENT = [
  then('import os', "os.environ['PATH']"),
  then('import os', 'assert len(os.environ) > 0'),
  then('import os', 'os.getlogin()'),
  then('import os', 'assert os.getpid() != 42 and os.getppid() > 0'),
];

const PROCESSES = [
  then('import os', "assert os.system('true') == 0"),
  then('import subprocess', "subprocess.run(['true'])"),
  then('import os', 'os.fork()'),
  then('import os', "os.execv('/bin/true', ['true'])"),
  then('import os', "os.posix_spawn('/bin/true', ['true'], {})"),
  then('import multiprocessing', 'multiprocessing.Process(target=print).start()'),
  then('import os', 'while True: os.fork()'),
  then('import threading', 'threading.Thread(target=print).start()'),
  then('import os', 'os.kill(1, 0)'),
  then('import ctypes', 'ctypes.CDLL(None)'),
];

const NETWORK = [
  then('import socket', "socket.create_connection(('127.0.0.1', 80))"),
  then('import socket', "socket.getaddrinfo('localhost', 80)"),
  then('import socket', 'socket.socket().connect(("8.8.8.8", 53))'),
  then('import socket', "socket.socket().bind(('127.0.0.1', 0))"),
  then('import socket', "socket.socket(fileno=0).send(b'x')"),
  then('import urllib.request', "urllib.request.urlopen('http://127.0.0.1')"),
  then('import http.client', "http.client.HTTPConnection('127.0.0.1').request('GET', '/')"),
  then('import asyncio', "asyncio.run(asyncio.open_connection('127.0.0.1', 80))"),
];

const JAVASCRIPT = [
  then('import js', 'js.process.exit(0)'),
  then('import pyodide_js'),
  then('from pyodide.code import run_js', "run_js('process.exit(0)')"),
  then('from pyodide.ffi import to_js', "to_js([1]).constructor.constructor('return process')()"),
];

/** Each would make a wrong solution pass where the tests run in the program's interpreter, or read its streams. */
const FORGED = [
  wrongWith('print({})', "print('{}')", "print('passed')"),
  wrongWith('import os', "os.write(1, b'{}\\n')"),
  wrongWith('import os', "os.write(2, b'{}\\n' * 9)"),
  wrongWith('import os', "os.write(2, b'w 0\\ne 0\\na {}\\n{}\\n\\rw 1\\r\\n')"),
  wrongWith('import os', 'os.read(0, 100)', "os.write(2, b'{}\\n')"),
  wrongWith('import os', "[os.write(fd, b'{}\\n') for fd in (0, 3, 4, 5)]"),
  wrongWith('import sys', 'sys.exit(0)'),
  wrongWith('import os', 'os._exit(0)'),
  wrongWith('raise SystemExit'),
  wrongWith('raise SystemExit(0)'),
  wrongWith('exit()'),
  wrongWith('raise KeyboardInterrupt'),
  wrongWith('import atexit, os', "atexit.register(lambda: os.write(2, b'{}\\n'))", 'raise SystemExit'),
  wrongWith('import sys, os', "sys.excepthook = lambda *a: os.write(2, b'{}\\n')", '1 / 0'),
  wrongWith('import sys, os', "sys.unraisablehook = lambda *a: os.write(2, b'{}\\n')"),
  wrongWith('import builtins', 'builtins.abs = lambda x: 0', 'builtins.AssertionError = type(None)'),
  wrongWith('import builtins', 'builtins.isinstance = builtins.all = builtins.len = lambda *a: True'),
  wrongWith('import builtins', 'builtins.compile = builtins.exec = lambda *a, **k: None'),
  wrongWith('import builtins', 'builtins.__import__ = lambda *a, **k: (_ for _ in ()).throw(SystemExit(0))'),
  wrongWith('import math', 'math.isclose = math.fabs = lambda *a, **k: 0'),
  wrongWith('import _json', "_json.make_scanner = _json.make_encoder = lambda *a: lambda *b: ('{}', 0)"),
  wrongWith('def check(candidate): pass', "globals()['check'] = check"),
  wrongWith('import sys', "sys.modules['__main__'].say({})", "sys.modules['__main__'].say = lambda m: None"),
  wrongWith('import sys', "sys.modules['__main__'].pack = lambda value: {}"),
  wrongWith('import sys', "sys.modules['__main__'].write_json = lambda *a: ['{}']"),
  wrongWith('class Same:', '    __eq__ = lambda self, other: True', 'def half(number): return Same()'),
  wrongWith('class Same(float):', '    __eq__ = lambda self, other: True', 'def half(number): return Same(9)'),
  wrongWith('class Same(str):', '    __eq__ = lambda self, other: True', '    __hash__ = None', 'half = Same'),
  wrongWith('half = type("half", (), {"__new__": lambda *a: NotImplemented})'),
  wrongWith(
    'import sys',
    'def jump(frame, event, _):',
    '    try: frame.f_lineno = 99',
    '    except Exception: pass',
    '    return jump',
    'def half(number):',
    '    sys.settrace(jump); sys._getframe(1).f_trace = jump',
    '    return number',
  ),
  wrongWith('import gc', '[found.clear() for found in gc.get_objects() if type(found) is dict and "check" in found]'),
  wrongWith('import os', 'while True: os.write(2, b"\\n" * 10 ** 5)'),
  wrongWith('import sys', 'sys.setrecursionlimit(5)'),
  wrongWith('import _testcapi', '_testcapi.run_in_subinterp("1 / 0")'),
];

const MEMORY = [
  then('[0] * 10 ** 10'),
  then('"x" * 2 ** 31'),
  then('found = []', 'while True: found.append(bytearray(10 ** 7))'),
  then('found = {}', 'while True: found[len(found)] = str(len(found)) * 100'),
  then('2 ** (2 ** 40)'),
  '    return [bytes(10 ** 6)] * 50\n',
];

const OUTPUT = [
  then('while True: print("x" * 10 ** 5)'),
  then('import os', 'while True: os.write(1, b"x" * 10 ** 6)'),
  then('import os', 'while True: os.write(2, b"x" * 10 ** 5)'),
].map((completion) => ({ completion, ends: /^failed: it wrote more than \d+ bytes$/u }));

const TIME = [
  then('while True: pass'),
  then('while True:', '    try: 1 / 0', '    except BaseException: pass'),
  then('import signal', 'signal.signal(signal.SIGTERM, signal.SIG_IGN)', 'while True: pass'),
  then('import time', 'time.sleep(3600)'),
  then('import re', "re.match('(a+)+$', 'a' * 50 + 'b')"),
  then('9 ** 9 ** 9 % 7'),
  '    return iter(int, 1)\n',
  wrongWith('while True: pass'),
].map((completion) => ({ completion, ends: /^(timed out|failed: MemoryError)$/u }));

const CRASHES = [
  then('half(number)'),
  then('import sys', 'sys.setrecursionlimit(10 ** 9)', 'half(number)'),
  then('import sys', 'sys.setrecursionlimit(10 ** 9)', 'max((half(n) for n in [number]), key=half)'),
  then('nested = []', 'for _ in range(10 ** 5): nested = [nested]', 'return nested'),
  then("eval('(' * 10 ** 5)"),
  then("eval('-' * 10 ** 6 + '1')"),
  then('import os', 'os.abort()'),
  then('import signal', 'signal.raise_signal(signal.SIGABRT)'),
  then('import faulthandler', 'faulthandler._sigsegv()'),
  then('half.__code__ = half.__code__.replace(co_code=bytes(range(100)))', 'return half(number)'),
  then('import _testcapi', '_testcapi.fatal_error(b"x")'),
  "    return number / 2\n\nimport os\nos.write(2, b'[' * 10 ** 6 + b'\\n')\n",
];

export const WAYS_OUT: readonly WayOut[] = Object.entries({
  FILES,
  ENVIRONMENT,
  PROCESSES,
  NETWORK,
  JAVASCRIPT,
  FORGED,
  MEMORY,
  OUTPUT,
  TIME,
  CRASHES,
}).flatMap(([what, ways]) =>
  ways.map((way) => ({ what: what.toLowerCase(), ...(typeof way === 'string' ? { completion: way } : way) })),
);
