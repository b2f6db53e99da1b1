"""The documentation as a site: docs/ and the pages of the root, prepared for mkdocs, and its site checked."""
