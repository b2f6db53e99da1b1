"""Pages about staff: log-in, credentials, operators, the audit log."""
