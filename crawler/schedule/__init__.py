"""When a source is due again, and a supervisor that crawls what is."""
