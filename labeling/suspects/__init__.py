"""Suspect gold: records that something speaks against, what a senior says to it, and which are in dispute."""
