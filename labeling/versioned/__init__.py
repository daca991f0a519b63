"""Policies of which each version is a row: what their settings mean, storing a version, and their history.

``settings`` is pure: a setting as people read it, and what is wrong with a value. ``storing`` has the policies themselves. The form is
``labeling.views.policy_form``, the answer of an endpoint ``labeling.api.policy_answers``.
"""
