const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const two = (value: number) => String(value).padStart(2, '0');

const CODES: Readonly<Record<string, (at: Date) => string>> = {
  a: (at) => DAYS[at.getDay()]!.slice(0, 3),
  A: (at) => DAYS[at.getDay()]!,
  w: (at) => String(at.getDay()),
  d: (at) => two(at.getDate()),
  e: (at) => String(at.getDate()).padStart(2),
  b: (at) => MONTHS[at.getMonth()]!.slice(0, 3),
  B: (at) => MONTHS[at.getMonth()]!,
  m: (at) => two(at.getMonth() + 1),
  y: (at) => two(at.getFullYear() % 100),
  Y: (at) => String(at.getFullYear()),
  H: (at) => two(at.getHours()),
  I: (at) => two(at.getHours() % 12 || 12),
  p: (at) => (at.getHours() < 12 ? 'AM' : 'PM'),
  M: (at) => two(at.getMinutes()),
  S: (at) => two(at.getSeconds()),
  j: (at) => String(dayOfYear(at)).padStart(3, '0'),
  F: (at) => strftime(at, '%Y-%m-%d'),
  T: (at) => strftime(at, '%H:%M:%S'),
  '%': () => '%',
};

/**
 * Python's `strftime` in the C locale, in local time; `%-d` is `%d` without the zero or blank before it.
 *
 * @throws Error for a code that is not known
 */
export function strftime(at: Date, format: string): string {
  return format.replace(/%(-?)(.?)/gsu, (match, bare: string, code: string) => {
    const written = CODES[code]?.(at);
    if (written === undefined) throw new Error(`it calls strftime_now() with ${match}, which is not known`);
    return bare === '' ? written : written.replace(/^[0 ]+(?=.)/, '');
  });
}

function dayOfYear(at: Date): number {
  return Math.round(
    (Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) - Date.UTC(at.getFullYear(), 0, 0)) / 864e5,
  );
}
