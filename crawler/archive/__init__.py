"""Raw pages out of a store as WARC (ISO 28500), and into it: what was fetched belongs to the user."""
