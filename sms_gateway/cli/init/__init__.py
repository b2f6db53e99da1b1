"""`sms-gateway init`: from nothing to a service that can start: settings, secrets, keys, database, administrator."""
