"""Answers that go out by HTTP: the request to the provider, its response, and the sender that the pipeline uses."""
