"""Data set versions: gold collected, split by vendor and layout, frozen, held against leaks, and documents that have to go."""
