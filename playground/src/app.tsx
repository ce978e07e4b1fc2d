import { useState } from 'preact/hooks';
import { SETTINGS } from './settings.ts';
import { saveTrace } from './trace/save-trace.ts';
import { switchOf } from './trace/shown-response.ts';
import { type OpenedTrace, openTraces } from './trace/trace-file.ts';
import { useGateway } from './use-gateway.ts';
import { useResponses } from './use-responses.ts';
import { Answers } from './view/answers.tsx';
import { Asking } from './view/asking.tsx';
import { Gallery } from './view/gallery.tsx';
import { statusOf } from './view/status-of.ts';

/** The page: a prompt, responses side by side, and what the base thought of the draft. */
export function App() {
  const gateway = useGateway();
  const [settings, onSettings] = useState(SETTINGS);
  const [problem, setProblem] = useState('');
  const made = useResponses(gateway.pair, settings);
  const { asked, used, responses, scored, version } = made;
  const isBusy = Object.values(responses).some(({ state }) => state === 'waiting' || state === 'streaming');

  const open = (traces: readonly OpenedTrace[]) => {
    setProblem('');
    made.open(traces);
    for (const { gamma, window } of traces)
      if (gamma !== undefined && window !== undefined) onSettings((all) => ({ ...all, gamma, window }));
  };
  const openFile = async (file: File) => {
    try {
      open(openTraces(await file.text()));
    } catch (error) {
      setProblem(`${file.name}: ${(error as Error).message}`);
    }
  };
  const problems = [problem, gateway.problem, scored?.problem ?? ''].filter((text) => text !== '');
  const end = responses.wsd?.end;
  return (
    <main>
      <h1>wellbegun playground</h1>
      <Asking
        {...{ ...gateway, isBusy, settings, onSettings, onStop: made.stop }}
        onAsk={(prompt) => made.decode(prompt, ['base', 'draft', 'wsd'])}
      />
      {problems.length > 0 && <p role="alert">{problems.join(' ')}</p>}
      <Gallery
        onOpen={open}
        onFile={(file) => void openFile(file)}
        onSave={end && (() => saveTrace(end, asked, used))}
      />
      <p class="status" role="status">
        {statusOf(asked, responses, responses.wsd && switchOf(responses.wsd))}
      </p>
      <Answers key={version} {...{ made, settings, onSettings, isBusy, hasModels: gateway.pair !== '' }} />
    </main>
  );
}
