import { VALUES_SCRIPT } from './values-script.ts';

/** Python around a program: defines its function, then calls it as often as the tests want. */
export const CANDIDATE_SCRIPT = `${VALUES_SCRIPT}
def attempt(work):
    try:
        reply = {"returned": pack(work())}
    except BaseException as error:
        reply = {"raised": [type(error).__name__, str(error)]}
    say(reply)

def define(names, source, entry_point):
    exec(compile(source, "<program>", "exec"), names)
    if entry_point not in names:
        raise NameError(f"name '{entry_point}' is not defined")

def main():
    source, entry_point = hear()
    names = {}
    attempt(lambda: define(names, source, entry_point))
    while True:
        args, kwargs = map(unpack, hear())
        attempt(lambda: names[entry_point](*args, **kwargs))

main()
`;
