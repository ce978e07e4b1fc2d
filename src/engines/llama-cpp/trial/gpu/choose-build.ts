import { settingName } from '../../../../core/setting-name.ts';
import { EngineError } from '../../../../core/errors.ts';
import { type Backend, type LibraryLocation, offeredBackends } from '../../native/library-location.ts';
import { describeUseless, type TrialOutcome, type UselessBuild } from './trial-outcome.ts';

export interface ChosenBuild {
  readonly location: LibraryLocation;
  /** Better ones that are installed. */
  readonly useless: readonly UselessBuild[];
}

/**
 * Takes the first build that computes: one for the CPU, or one for GPUs whose trial goes well. Where none is left, one
 * that found no GPU computes on the CPU.
 *
 * @param builds the best first; no more are looked at than needed
 * @throws EngineError when there are only builds whose trial failed
 */
export async function chooseBuild(
  backend: Backend,
  builds: Iterable<LibraryLocation>,
  tryOut: (build: LibraryLocation) => Promise<TrialOutcome>,
): Promise<ChosenBuild> {
  const useless: UselessBuild[] = [];
  let withoutGpu: LibraryLocation | undefined;
  for (const location of builds) {
    const outcome: TrialOutcome = location.gpuBackend === undefined ? { kind: 'works' } : await tryOut(location);
    if (outcome.kind === 'works') return { location, useless };
    useless.push({ variant: location.variant, outcome });
    if (outcome.kind === 'no-gpu') withoutGpu ??= location;
  }
  if (withoutGpu) return { location: withoutGpu, useless };
  throw new EngineError(
    'llama.cpp',
    'gpu-trial-failed',
    `${backend === 'auto' ? '' : `${settingName('backend')} ${backend}: `}${useless.map(describeUseless).join('; ')}: ${wayOut(useless)}.`,
  );
}

function wayOut(useless: readonly UselessBuild[]): string {
  const others = offeredBackends().filter((backend) => !useless.some(({ variant }) => variant.endsWith(backend)));
  return [
    "update the GPU's driver",
    ...(others.length > 0 ? [`choose ${settingName('backend')} ${others.join(' or ')}`] : []),
  ].join(', or ');
}
