// How a mistyped or misread number relates to the right one. Port of mlcore/balance/slips.py.

import { MICRO, abs, decimalsOf } from "./decimal.js";

/** The kind of slip that turns `needed` into `present` (micro units); null when they are equal. */
export function slipBetween(present, needed, leastDecimals) {
  if (present === null) return "fill_in";
  if (present === needed) return null;
  if (present === 0n || needed === 0n) return "recomputed";
  if (needed === -present) return "sign";
  for (const factor of [10n, 100n, 1000n]) {
    if (needed === present * factor || needed * factor === present) return "decimal_shift";
  }
  if (present < 0n !== needed < 0n) return "recomputed";
  const decimals = Math.max(leastDecimals, decimalsOf(present), decimalsOf(needed));
  return digitSlip(digits(present, decimals), digits(needed, decimals));
}

function digits(value, decimals) {
  return ((abs(value) * 10n ** BigInt(decimals)) / MICRO).toString();
}

function digitSlip(present, needed) {
  if (present.length === needed.length) {
    const places = [...present].flatMap((digit, index) => (digit === needed[index] ? [] : [index]));
    if (places.length === 1) return "digit_typo";
    const [first, second] = places;
    const swapped = places.length === 2 && second === first + 1 && present[first] === needed[second] && present[second] === needed[first];
    return swapped ? "transposed_digits" : "recomputed";
  }
  if (needed.length === present.length + 1 && isOneDeletion(needed, present)) return "dropped_digit";
  if (present.length === needed.length + 1 && isOneDeletion(present, needed)) return "extra_digit";
  return "recomputed";
}

function isOneDeletion(longer, shorter) {
  return [...longer].some((_, index) => longer.slice(0, index) + longer.slice(index + 1) === shorter);
}
