"""Dossiers that systems push in: the bodies of requests -> dossiers, without what they hold about persons."""
