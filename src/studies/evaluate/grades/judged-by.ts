import type { DataSource } from '../../../benchmarks/data/data-source.ts';
import { parseJudgeReference } from '../../../judges/parse-judge-reference.ts';
import type { JudgeProtocol } from '../../../judges/protocols/judge-protocol.ts';
import { PROTOCOLS } from '../../../judges/protocols/protocols.ts';
import type { Task } from '../tasks/task.ts';

/** A model behind a chat endpoint that judges answers. */
export interface ChatJudge {
  /** Its address and model, such as `https://host/v1#model`. */
  readonly reference: string;
  readonly key?: string | undefined;
  /** The environment variable that the key comes from, for errors. */
  readonly keyVariable?: string | undefined;
  /** How often the same is judged, a whole number ≥ 1; the mean counts. Default: 1. */
  readonly repeats?: number | undefined;
  /** Asked before the judge is, with an estimate of calls and tokens; false: nothing is judged. */
  readonly confirm?: ((estimate: string) => Promise<boolean>) | undefined;
}

/** How the answers to a task are judged. */
export interface JudgedBy {
  readonly protocol: JudgeProtocol;
  /** The judge and the protocol, as they stand with every number. */
  readonly source: string;
}

/** Undefined for files of prompts, and for benchmarks without a protocol. @throws as `DataSource.read` does */
export async function judgedBy(
  { benchmark }: Task,
  { reference }: ChatJudge,
  data: DataSource,
  notice: ((text: string) => void) | undefined,
): Promise<JudgedBy | undefined> {
  const name = benchmark?.value.name;
  if (name === undefined || !Object.hasOwn(PROTOCOLS, name)) return undefined;
  const protocol = await PROTOCOLS[name]!(data, { notice });
  const { address } = parseJudgeReference(reference);
  return { protocol, source: `judge ${address.model ?? address.url}, ${protocol.name}, ${protocol.version}` };
}
