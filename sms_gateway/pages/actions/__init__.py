"""What every form does: ask first, record who did it, and report the result."""
