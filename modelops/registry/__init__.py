"""Models that may serve, and how each did on held-out documents.

``registering`` takes a verified artifact in, ``evaluating`` reads the held-out documents of a data set version with it exactly as it would
serve, ``evidence`` reads back what came of it. Whatever needs torch is done by ``evaluating`` and ``timing``, which workers call.
"""
