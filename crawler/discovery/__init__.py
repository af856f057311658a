"""Finding articles: feeds, sitemaps, listing pages and the home page. Pure: bytes in, values out."""
