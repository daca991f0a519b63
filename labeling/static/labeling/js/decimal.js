// Exact decimals as BigInt multiples of 10^-6 ("micro"). A product of two has 12 decimals.

export const MICRO = 1_000_000n;
export const CENT = 10_000n;

/** Micro units of a plain decimal string such as "-12.5"; null for null, "" and anything else. */
export function toMicro(text) {
  const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text ?? "");
  if (!match) return null;
  const value = BigInt(match[2] + (match[3] ?? "").padEnd(6, "0"));
  return match[1] ? -value : value;
}

/** Plain notation with at least `least` decimals and no more than needed; `scale` is the decimals of `value`. */
export function toText(value, least = 0, scale = 6) {
  const digits = abs(value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, -scale);
  const fraction = digits.slice(-scale).replace(/0+$/, "").padEnd(least, "0");
  return (value < 0n ? "-" : "") + whole + (fraction ? `.${fraction}` : "");
}

/** "1234.50" as "1,234.50" for sentences and labels; decimals stay as they are. */
export function grouped(text) {
  const [whole, fraction] = text.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? `.${fraction}` : "");
}

export function abs(value) {
  return value < 0n ? -value : value;
}

/** left / right rounded half away from zero to a whole number. */
export function divide(left, right) {
  const size = (2n * abs(left) + abs(right)) / (2n * abs(right));
  return left < 0n !== right < 0n ? -size : size;
}

/** quantity x price in micro units, rounded half away from zero to cents. */
export function productInCents(quantity, price) {
  return divide(quantity * price, MICRO * CENT) * CENT;
}

/** Decimals that are needed to write the value: 0 for 45.00, 1 for 4.50. */
export function decimalsOf(value) {
  const fraction = abs(value % MICRO)
    .toString()
    .padStart(6, "0")
    .replace(/0+$/, "");
  return fraction.length;
}
