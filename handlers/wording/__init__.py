"""Every sentence we send, per language, with its length under test."""
