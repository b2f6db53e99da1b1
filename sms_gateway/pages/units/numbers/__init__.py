"""The numbers of the service: how fast citizens are answered, and how well."""
