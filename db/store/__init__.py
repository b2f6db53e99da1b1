"""The store: engine, locks, statements, column types, encryption and ids."""
