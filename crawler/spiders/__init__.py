"""The one spider, driven by a source."""
