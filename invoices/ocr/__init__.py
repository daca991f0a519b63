"""Optical character recognition behind one protocol, and what makes a page upright before it."""
