"""HTTP: doors for aggregators and the pages of operators. The only room that knows Flask."""
