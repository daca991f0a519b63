"""The station on one machine: install, prepare, start, watch, stop."""
