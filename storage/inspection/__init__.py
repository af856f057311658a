"""What the inspector shows: pure questions to the store, one kind of page a module."""
