"""What happens inside the sandbox: bytes in, pages with words and pictures out. No Django, no database, no network."""
