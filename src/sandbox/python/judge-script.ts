import { VALUES_SCRIPT } from './values-script.ts';

/**
 * Python that runs the tests, in an interpreter that no program enters: `candidate` asks the other one for each value.
 * It goes from one program's tests to the next.
 */
export const JUDGE_SCRIPT = `${VALUES_SCRIPT}
import builtins, traceback

def candidate(*args, **kwargs):
    say([pack(list(args)), pack(kwargs)])
    reply = hear()
    if "raised" in reply:
        raise exception(*reply["raised"])
    return unpack(reply["returned"])

def exception(name, text):
    kind = getattr(builtins, name, None)
    try:
        error = kind(text)
        assert isinstance(error, BaseException)
    except Exception:
        error = type(name, (Exception,), {})()
    error.text = text
    return error

def compile_prompt(prompt):
    for ending in ("", "\\n    pass\\n"):
        try:
            return compile(prompt + ending, "<prompt>", "exec")
        except SyntaxError:
            pass
    return ""

def judge(prompt, test, entry_point):
    names = {}
    exec(compile_prompt(prompt), names)
    names[entry_point] = candidate
    exec(compile(test, "<test>", "exec"), names)
    names["check"](candidate)

def reason(error, test):
    text = getattr(error, "text", str(error)) or failed_line(error, test)
    return f"{type(error).__name__}: {text}"

def failed_line(error, test):
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == "<test>"]
    return test.split("\\n")[lines[-1] - 1].strip() if lines else ""

while True:
    prompt, test, entry_point = hear()
    try:
        judge(prompt, test, entry_point)
        verdict = {}
    except BaseException as error:
        verdict = {"failed": reason(error, test)}
    say(verdict)
`;
