"""What a medical biller would find odd in a record: when the service was, what was coded, what was billed twice.

The labeling screen runs the same rules in JavaScript while a person types; ``tests/vectors/billing.json`` holds both to
the same answers, sentences included. Nothing here changes a value: the printed value stands, and a sentence stands beside it.

What is not checked, and why: whether an NDC exists (the FDA's list has some 240,000 codes and changes every day, and a bill
may name one that was withdrawn since), and whether a CPT code exists (the list is licensed). An NDC with an all-zero product
or package is not odd: the FDA has assigned both.
"""

from mlcore.billing.finding import BillingFinding
from mlcore.billing.findings import billing_findings

__all__ = ["BillingFinding", "billing_findings"]
