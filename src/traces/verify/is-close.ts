/** Traces have no -Infinity: their lowest number stands for it. */
const IMPOSSIBLE = -1e300;
/** Below e⁻⁵ a probability is known less exactly, in proportion to its logprob. */
const WELL_KNOWN_NATS = 5;

/** Whether a logprob is the base's own one within a tolerance in nats. */
export function isClose(own: number, said: number, toleranceNats: number): boolean {
  if (own <= IMPOSSIBLE || said <= IMPOSSIBLE) return own <= IMPOSSIBLE && said <= IMPOSSIBLE;
  return Math.abs(own - said) <= toleranceNats * Math.max(1, -own / WELL_KNOWN_NATS);
}
