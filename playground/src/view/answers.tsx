import { useState } from 'preact/hooks';
import type { Settings } from '../settings.ts';
import { EMPTY, switchOf } from '../trace/shown-response.ts';
import { scoredDraft, wouldSwitch } from '../trace/would-switch.ts';
import { type Name, NAMES, type Place, type useResponses } from '../use-responses.ts';
import { Column } from './column.tsx';
import { Confidence } from './confidence.tsx';
import { TokenDetails } from './token-details.tsx';

interface AnswersProps {
  readonly made: ReturnType<typeof useResponses>;
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
  readonly isBusy: boolean;
  readonly hasModels: boolean;
}

const TITLES = { ...NAMES, branch: 'Branch: the base writes on' };

/** The responses, the curve of confidence, and the token that was chosen in any of them. */
export function Answers({ made, settings, onSettings, isBusy, hasModels }: AnswersProps) {
  const [chosen, setChosen] = useState<Place>();
  const { asked, responses, scored } = made;
  const wsd = responses.wsd ?? EMPTY;
  const draft = scoredDraft((scored ?? wsd).tokens);
  const would = wouldSwitch(draft, settings.gamma, settings.window);
  const kept = switchOf(wsd);
  const token = chosen && responses[chosen.name]?.tokens[chosen.index];
  const choosing = (name: Name) => ({
    selected: chosen?.name === name ? chosen.index : undefined,
    onSelect: (index: number) => setChosen({ name, index }),
  });
  const names: Name[] = responses.branch ? ['base', 'draft', 'wsd', 'branch'] : ['base', 'draft', 'wsd'];
  const canAsk = hasModels && !isBusy;
  return (
    <>
      <div class="columns">
        {names.map((name) => (
          <Column
            key={name}
            {...{ id: name, title: TITLES[name], response: responses[name] ?? EMPTY, ...choosing(name) }}
            mark={name === 'wsd' && would.index !== kept ? would.index : undefined}
            {...(name === 'branch' && { onDrop: made.dropBranch })}
          />
        ))}
      </div>
      {draft.length > 0 && (
        <Confidence
          {...{ draft, would, kept, settings, onSettings, isWhole: scored !== undefined, ...choosing('wsd') }}
          onDecode={canAsk ? () => made.decode(asked, ['wsd']) : undefined}
          onScore={canAsk ? made.scoreDraft : undefined}
        />
      )}
      {token && (
        <TokenDetails
          {...{ index: chosen.index, token }}
          onTake={canAsk ? (words) => made.branch(chosen, words) : undefined}
        />
      )}
    </>
  );
}
