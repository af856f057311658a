"""What goes over the wire: which addresses, how politely, and why a fetch failed.

The middlewares and the resolver also work in other Scrapy projects; see their docstrings.
"""
