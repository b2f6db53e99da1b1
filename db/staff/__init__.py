"""The staff: operators, their sessions, the audit log and edited wordings."""
