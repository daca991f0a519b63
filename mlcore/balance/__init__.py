"""Why an invoice does not add up, and which single change would explain it.

The labeling screen runs the same algorithm in JavaScript; ``tests/vectors/balance.json`` holds both to the
same answers. All arithmetic is exact on decimals (in JavaScript: ``BigInt`` multiples of 10^-6).

Equations
---------
``row i``: quantity x unit_price = total; known when all three are present.
``lines``: sum of row amounts = target. The amount of a row is its ``total``; without one, quantity x
unit_price rounded half away from zero to cents; without those, 0. The target is ``subtotal``; without one,
``total - tax`` (an absent tax is 0), or ``total`` itself where the amounts sum to that (tax included).
Known when there are rows and a target.
``total``: subtotal + tax = total (an absent tax is 0); known when subtotal and total are present. Where the
lines equation holds and subtotal equals total, prices include the tax and the residual is 0.
Residual = left side - right side. A row and the total tolerate 0.01; the lines tolerate the larger of 0.01
and 0.005 for each row. An equation is violated when it is known and |residual| exceeds its tolerance.

Explanations
------------
Candidates, generated for violated equations only:

1. cells: the value that makes the equation hold when all other cells stay.
   ``row i``: total = quantity x price rounded to cents; quantity = total / price with the fewest decimals
   of 0, 2, 3 whose product fits the tolerance; unit_price = total / quantity with 2, else 4 decimals.
   ``lines``: each row's total (total or 0, minus the residual) and subtotal (plus the residual; only when
   present). A row with an absent total takes part only when quantity or unit_price is absent too.
   ``total``: total = subtotal + tax, tax = total - subtotal, subtotal = total - tax.
   The kind follows from the present value and the needed one, first match of: ``fill_in`` (absent),
   ``sign`` (negated), ``decimal_shift`` (times 10^k, 0 < |k| <= 3), then on the digits of both written
   with the same number of decimals (2 for money, more if needed; for quantities as many as needed), sign
   equal: ``transposed_digits`` (two neighbours swapped), ``digit_typo`` (one digit differs),
   ``dropped_digit`` (the needed value has one digit more), ``extra_digit`` (one less), else
   ``recomputed``. Present or needed zero is ``recomputed``; a needed value equal to the present is none.
   Not proposed: a ``recomputed`` value of the opposite sign, a ``recomputed`` zero in a row, a quantity
   with decimals in place of a whole one, and a negative total of a row unless the invoice is a credit note: any
   quantity, price or total of a row, the subtotal or the total is negative.
2. rows, for a violated ``lines`` (R = residual):
   ``missing_row`` when R < 0: path ``line_items[n]`` (n rows exist), value -R;
   for each row whose amount is within 0.01 of R and is not 0: ``duplicated_row`` when an earlier row has the same
   amount, quantity, price and description (letters and digits, case ignored), else
   ``tax_line_as_item`` when the amount equals ``tax`` within 0.01 or a word of the description
   (letters only, case folded) is in ``TAX_WORDS``, else ``extra_row``; path ``line_items[i]``, value = the amount of the row.

Each candidate is applied alone: a cell takes the value; ``missing_row`` adds an amount; the other row kinds
take the row away, and ``tax_line_as_item`` also sets an absent tax to the amount. It counts only when it
repairs at least one equation and no other equation becomes violated.
Score = ``BASE_SCORE[kind]`` + 25 for every further repaired equation. The same path and value keeps
its best-scored kind. Order: score descending, then path in reading order (rows by index: the row itself,
quantity, unit_price, total; then subtotal, tax, total), then value ascending. At most ``MAX_EXPLANATIONS``.

Values are strings: money with 2 decimals (more only if needed), quantities without trailing zeros.
"""

from mlcore.balance.books import Residuals
from mlcore.balance.explain import Balance, Explanation, explain_imbalance

__all__ = ["Balance", "Explanation", "Residuals", "explain_imbalance"]
