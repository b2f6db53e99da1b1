"""The leaflet: the page for citizens that an office prints."""
