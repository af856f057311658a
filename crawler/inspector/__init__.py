"""The inspector: pages that show a store in the browser, served by Datasette."""
