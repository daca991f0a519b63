"""Alerts: finding what is wrong, keeping it until it is over, telling people once, and hearing what they say to it."""
