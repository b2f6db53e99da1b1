"""An SMSC of our own: for the demo, for tests, and to reproduce a carrier in a bug report."""
