"""The joint arithmetic check: rows, sums and totals read as one system.

``reconcile`` chooses between candidates and repairs single misread digits; it never adds or removes rows and
never changes a value without saying so in a note.
"""

from mlcore.arithmetic.reconcile import Reconciled, adjusted_confidence, reconcile

__all__ = ["Reconciled", "adjusted_confidence", "reconcile"]
