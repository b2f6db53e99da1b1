"""Own look-up tables: an office's file and a sentence become a command, without a change of the program."""
