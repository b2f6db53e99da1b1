"""The site: its pages, who may open each, and the menu."""
