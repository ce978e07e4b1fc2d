/** A number within limits, and who is told of another one. */
export interface NumberProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly onValue: (value: number) => void;
}

/** A number that is taken where it is within its limits. */
export function NumberField({ label, min, max, step, value, onValue }: NumberProps) {
  const take = ({ currentTarget: { valueAsNumber } }: { readonly currentTarget: HTMLInputElement }) => {
    if (valueAsNumber >= min && valueAsNumber <= max) onValue(valueAsNumber);
  };
  return (
    <label>
      {label} <input type="number" {...{ min, max, step, value }} onInput={take} />
    </label>
  );
}
