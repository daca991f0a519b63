#!/usr/bin/env python
"""Django's command line for Countersign."""

import os
import sys


def main() -> None:
    """Run one management command; the embedded settings are the default."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
