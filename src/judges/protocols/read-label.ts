/** The label that stands in two brackets, as often as the judge likes but always the same; undefined for none, or another. */
export function readLabel<Label extends string>(text: string, labels: readonly Label[]): Label | undefined {
  const found = new Set(Array.from(text.matchAll(/\[\[\s*(.+?)\s*\]\]/g), ([, label]) => label!.toLowerCase()));
  const [label] = found;
  return found.size === 1 ? labels.find((known) => known === label) : undefined;
}

export const YES_OR_NO = 'End with your verdict in two brackets: [[yes]] or [[no]].';

/** 1 for yes, 0 for no. */
export function readYesOrNo(text: string): number | undefined {
  const label = readLabel(text, ['yes', 'no']);
  return label === undefined ? undefined : Number(label === 'yes');
}
