/**
 * Python that both interpreters begin with: lines of JSON, read from descriptor 0 and written to 2, and values in them. Values go by their kind
 * (a subclass of `list` as a list); what no test could look into is an object that equals nothing. Python's `json` itself
 * imports what takes as long as the interpreter's start: its compiled parts are enough.
 */
export const VALUES_SCRIPT = `
import _io, _json, posix, sys
from _collections import deque
from _collections_abc import ItemsView, Iterator, KeysView, ValuesView

sys.set_int_max_str_digits(0)
sys.stdin, sys.stderr = _io.StringIO(), sys.stdout

class Reading:
    strict, memo, object_hook, object_pairs_hook = False, {}, None, None
    parse_float, parse_int, parse_constant = float, int, float

read_json = _json.make_scanner(Reading)
write_json = _json.make_encoder(None, None, _json.encode_basestring_ascii, None, ":", ",", False, False, True)

class Unreadable:
    pass

SEQUENCES = {
    "list": (list, list), "tuple": (tuple, tuple), "set": (set, set), "frozenset": (frozenset, frozenset),
    "deque": (deque, deque), "iterator": (Iterator, iter), "keys": (KeysView, lambda items: dict.fromkeys(items).keys()),
    "values": (ValuesView, lambda items: dict(enumerate(items)).values()), "items": (ItemsView, lambda items: dict(items).items()),
}
TEXTS = {
    "int": (int, hex, lambda text: int(text, 16)),
    "complex": (complex, repr, complex),
    "bytes": (bytes, bytes.hex, bytes.fromhex), "bytearray": (bytearray, bytearray.hex, bytearray.fromhex),
}

EXACT_NUMBERS = {"Fraction": "fractions", "Decimal": "decimal"}

def pack(value):
    if value is None or isinstance(value, (bool, float, str)):
        return value
    if isinstance(value, int) and -2**63 < value < 2**63:
        return value
    for name, (kind, write, _) in TEXTS.items():
        if isinstance(value, kind):
            return [name, write(value)]
    if isinstance(value, dict):
        return ["dict", [[pack(key), pack(item)] for key, item in value.items()]]
    if isinstance(value, range):
        return ["range", [pack(value.start), pack(value.stop), pack(value.step)]]
    for name, (kind, _) in SEQUENCES.items():
        if isinstance(value, kind):
            return [name, [pack(item) for item in value]]
    if type(value).__name__ in EXACT_NUMBERS:
        return [type(value).__name__, str(value)]
    return ["object"]

def unpack(value):
    if not isinstance(value, list):
        return value
    name = value[0]
    if name in TEXTS:
        return TEXTS[name][2](value[1])
    if name in EXACT_NUMBERS:
        return getattr(__import__(EXACT_NUMBERS[name]), name)(value[1])
    if name == "object":
        return Unreadable()
    items = [unpack(item) for item in value[1]] if name != "dict" else value[1]
    if name == "dict":
        return {unpack(key): unpack(item) for key, item in items}
    return range(*items) if name == "range" else SEQUENCES[name][1](items)

unread = b""

def hear():
    global unread
    parts = [unread]
    while b"\\n" not in parts[-1]:
        parts.append(posix.read(0, 1 << 20))
    line, _, unread = b"".join(parts).partition(b"\\n")
    return read_json(line.decode(), 0)[0]

def say(message):
    data = ("".join(write_json(message, 0)) + "\\n").encode()
    while data:
        data = data[posix.write(2, data):]
`;
