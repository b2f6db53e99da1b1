"""Commands that run or check the service."""
