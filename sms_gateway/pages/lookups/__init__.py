"""The pages of own look-up tables: made from a file and a sentence, looked at, approved, switched off."""
