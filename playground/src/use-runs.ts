import { useRef } from 'preact/hooks';

/** One run at a time: what an earlier one still says is not shown any more. */
export function useRuns() {
  const stopping = useRef<AbortController>();
  const run = useRef(0);
  const stop = () => stopping.current?.abort();
  const leave = () => {
    stop();
    run.current++;
  };
  const begin = (): AbortSignal => {
    leave();
    stopping.current = new AbortController();
    return stopping.current.signal;
  };
  /** Calls only while the run of now goes on. */
  const during = <T>(call: (value: T) => void): ((value: T) => void) => {
    const mine = run.current;
    return (value) => {
      if (mine === run.current) call(value);
    };
  };
  return { stop, leave, begin, during };
}
