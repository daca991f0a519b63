"""The whole loop in rounds on the running product, with simulated people. See ``__main__``."""
