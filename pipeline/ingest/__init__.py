"""What publishers said: fetching it, keeping it as received, and reading it as observations."""
