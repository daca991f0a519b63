"""What every screen and endpoint of two signatures costs at 1,000 and at 100,000 documents; ``python -m benchmarks.screens --help``."""
