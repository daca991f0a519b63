"""Agreement of blind pairs as stored sums: counted once, read by every screen, counted again by a command."""
