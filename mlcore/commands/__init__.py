"""The commands of ``python -m mlcore``: parse, call, print. Torch is imported inside a command, not when help is asked for."""
