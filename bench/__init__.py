"""Programs that measure the gateway; none of them is part of it."""
