import { useEffect, useState } from 'preact/hooks';
import { AskError, holdKey } from './api/ask.ts';
import { listPairs } from './api/list-pairs.ts';

/** The pairs of the gateway that the page comes from; none where it is a static page. */
export function useGateway() {
  const [pairs, setPairs] = useState<readonly string[]>([]);
  const [pair, setPair] = useState('');
  const [problem, setProblem] = useState('');
  const [needsKey, setNeedsKey] = useState(false);
  const connect = async () => {
    try {
      const found = await listPairs();
      setPairs(found);
      setPair(found[0] ?? '');
      setNeedsKey(false);
      setProblem(found.length === 0 ? 'This gateway serves no pair of models: add one to its config file.' : '');
    } catch (error) {
      const isRefused = error instanceof AskError && error.status === 401;
      setNeedsKey(isRefused);
      setProblem(isRefused ? error.message : '');
    }
  };
  useEffect(() => void connect(), []);
  const giveKey = (key: string) => {
    holdKey(key);
    void connect();
  };
  return { pairs, pair, setPair, problem, needsKey, giveKey };
}
