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

/** A picture of parts that lie below one another, each of this size. */
export function stackedPicture(
  { width, height }: { readonly width: number; readonly height: number },
  parts: readonly (readonly string[])[],
): string {
  const all = Math.max(1, parts.length) * height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${all}" width="${width}" height="${all}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...parts.flatMap((part, i) => [`<g transform="translate(0 ${i * height})">`, ...part, '</g>']),
    '</svg>\n',
  ].join('\n');
}

/** Lines across a panel, with the values that they stand for left of it. */
export function gridLines(
  values: readonly number[],
  { left, right }: { readonly left: number; readonly right: number },
  y: Scale,
): string[] {
  return values.map(
    (value) =>
      `<line x1="${left}" x2="${right}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${at(y(value) + 4)}" text-anchor="end">${value}</text>`,
  );
}

/** Values below a panel. */
export function valuesBelow(values: readonly number[], bottom: number, x: Scale): string[] {
  return values.map((value) => `<text x="${at(x(value))}" y="${bottom + 16}" text-anchor="middle">${value}</text>`);
}
