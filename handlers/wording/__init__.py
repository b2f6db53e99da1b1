"""Every sentence we send: a catalogue per language, and the rule that fits an answer into segments."""
