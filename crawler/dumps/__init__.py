"""Pages that are already here: HTML files, text dumps, folders and archives of them."""
