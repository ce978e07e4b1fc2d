import { useEffect, useState } from 'preact/hooks';
import { type OpenedTrace, openTraces } from '../trace/trace-file.ts';

interface GalleryProps {
  readonly onOpen: (traces: readonly OpenedTrace[]) => void;
  readonly onFile: (file: File) => void;
  readonly onSave: (() => void) | undefined;
}

interface Example {
  readonly title: string;
  readonly compare: readonly object[];
}

/** Recorded examples, which need no model, and traces of files. */
export function Gallery({ onOpen, onFile, onSave }: GalleryProps) {
  const [examples, setExamples] = useState<readonly Example[]>([]);
  useEffect(() => {
    fetch('examples.json')
      .then(async (response) => setExamples((await response.json()) as Example[]))
      // Without them the page works as well.
      .catch(() => undefined);
  }, []);
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
    const [file] = currentTarget.files ?? [];
    if (file) onFile(file);
    currentTarget.value = '';
  };
  return (
    <div class="row gallery">
      {examples.map((example) => (
        <button key={example.title} type="button" onClick={() => onOpen(openTraces(JSON.stringify(example)))}>
          Example: {example.title}
        </button>
      ))}
      <label>
        Open a trace <input type="file" accept=".json,.jsonl" onChange={choose} />
      </label>
      {onSave && (
        <button type="button" onClick={onSave}>
          Save the trace
        </button>
      )}
    </div>
  );
}
