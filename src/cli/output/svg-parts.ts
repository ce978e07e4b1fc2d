/** A value's place in a picture. */
export type Scale = (value: number) => number;

/** Linear; a range without extent is its middle. */
export function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  return (value) => (to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start));
}

/** A place, to a tenth of a pixel. */
export function at(place: number): string {
  return String(Math.round(place * 10) / 10);
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
