"""HTTP endpoints of aggregators."""
