/** No sentence ends with them; many end with a preposition. */
const UNFINISHED = /(?:[,([{–—-]|(?:^|\s)(?:an?|and|because|but|if|my|or|our|than|the|their|whose|your))$/i;

/** Whether an English text seems to stop within a sentence or a block of code. One that ends between two sentences is not found. */
export function looksCutOff(text: string): boolean {
  const end = text.trimEnd();
  return UNFINISHED.test(end.slice(-40)) || end.split('```').length % 2 === 0;
}
