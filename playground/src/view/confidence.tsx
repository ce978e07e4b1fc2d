import type { Settings } from '../settings.ts';
import type { ShownToken } from '../trace/shown-response.ts';
import type { WouldSwitch } from '../trace/would-switch.ts';
import { Curve } from './curve.tsx';
import type { NumberProps } from './number-field.tsx';

interface ConfidenceProps {
  readonly draft: readonly ShownToken[];
  /** The whole draft was scored, not only what was kept of it. */
  readonly isWhole: boolean;
  readonly would: WouldSwitch;
  readonly kept: number | undefined;
  readonly settings: Settings;
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
  readonly onSettings: (settings: Settings) => void;
  /** Undefined where no model is at hand. */
  readonly onDecode: (() => void) | undefined;
  readonly onScore: (() => void) | undefined;
}

/** The curve, and the sliders that say at once where the base would take over. */
export function Confidence(props: ConfidenceProps) {
  const { draft, isWhole, would, kept, settings, selected, onSelect, onSettings, onDecode, onScore } = props;
  const { gamma, window } = settings;
  return (
    <section aria-labelledby="confidence-title">
      <h2 id="confidence-title">The base’s confidence in the draft</h2>
      <Curve {...{ gamma, kept, selected, onSelect }} tokens={draft} values={would.values} would={would.index} />
      <div class="row">
        <Slider
          label="γ"
          min={0.05}
          max={1}
          step={0.01}
          value={gamma}
          onValue={(value) => onSettings({ ...settings, gamma: value })}
        />
        <Slider
          label="w"
          min={1}
          max={24}
          step={1}
          value={window}
          onValue={(value) => onSettings({ ...settings, window: value })}
        />
        <output class="would-place">
          {would.index === undefined
            ? `would not switch within ${isWhole ? 'the draft' : `the ${draft.length} tokens that were kept`}`
            : `would switch after ${would.index} tokens`}
        </output>
        {onScore && !isWhole && (
          <button type="button" onClick={onScore}>
            Score the whole draft
          </button>
        )}
        {onDecode && (
          <button type="button" onClick={onDecode}>
            Decode so
          </button>
        )}
      </div>
    </section>
  );
}

function Slider({ label, min, max, step, value, onValue }: NumberProps) {
  return (
    <label class="slider">
      {label} = {value}{' '}
      <input
        type="range"
        {...{ min, max, step, value }}
        onInput={(event) => onValue(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}
