"""What a page states about its article."""

from cleaners.metadata.resolve import resolve

__all__ = ["resolve"]
