"""Line items: find the table, learn its columns from confirmed records, read its rows.

``read_table`` reads one document with or without a template; ``learn_table`` makes a template from confirmed
examples of one layout.
"""
