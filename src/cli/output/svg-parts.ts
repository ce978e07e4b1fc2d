/** A value's place in a picture. */
export type Scale = (value: number) => number;

/** Linear; a range without extent is its middle. */
export function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  return (value) => (to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start));
}

/** Round values from `from` to `to` or less, about `count` of them: their step is 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number, count = 5): number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
  const first = Math.ceil(from / step - 1e-9);
  const ticks = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: ticks }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A place, to a tenth of a pixel. */
export function at(place: number): string {
  return String(Math.round(place * 10) / 10);
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
