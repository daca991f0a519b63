"""What decides that a model may serve: the policy, the verdict, the override, and whether a verdict still holds.

The decision itself is ``mlcore.gate.decide``; here it is asked with the evaluations of this station and what it said is kept.
``permission.permission_to_serve`` is the one question that deployment asks.
"""
