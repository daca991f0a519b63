"""How far a value can be trusted: a learned, calibrated probability for each value and each document, and certified routes.

``proposals`` lists what a document's fields may be, ``features`` describes each of these values by numbers, ``scorer``
makes probabilities of them, ``fit`` learns it all from documents with a confirmed record, ``certify`` says which
documents may pass without a person, ``quality`` measures whether the probabilities are true. NumPy and JSON alone at serving.
"""
