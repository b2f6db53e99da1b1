"""Questions and tickets by SMS: what is pure of them, without rows and without a clock."""
