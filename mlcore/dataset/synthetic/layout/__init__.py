"""Layouts as compositions of typed parts: a head, the items, a tail and a foot, each made of rows of parts.

``Part`` is the seam: anything with ``draw(pen, frame)`` can stand in a row. New layouts are made by composing
other parts, by hand (``vendors``) or by chance (``variation``), not by writing drawing code.
"""
