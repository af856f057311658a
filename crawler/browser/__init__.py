"""Pages that need a browser: rendered by the system's Chromium. Needs the extra `browser`."""
