"""Pure Python core of Countersign: no Django, no network, no database.

Everything here takes values and returns values. The shell (``invoices``, ``labeling``, ``modelops``,
``workers``) does the persisting.
"""
