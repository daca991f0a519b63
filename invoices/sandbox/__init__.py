"""Reading untrusted files: a fork server, and for each document a forked child with hard limits.

``client`` runs in the worker, ``server`` in a process of its own without Django, ``child`` in a process per
document that can neither reach the network nor the database, and ends with the document.
"""
