/** Whether logprobs after the temperature differ from the model's own. Greedy text, 0, has those of temperature 1. */
export function tempersLogprobs(temperature: number): boolean {
  return temperature !== 0 && temperature !== 1;
}
