"""The process: start, duties, schedule, keys and cleanup."""
