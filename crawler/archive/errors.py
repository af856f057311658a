"""What can go wrong with archives."""

from __future__ import annotations

__all__ = ["WarcExtraMissingError"]


class WarcExtraMissingError(RuntimeError):
    """The extra `warc` is not installed."""

    def __init__(self) -> None:
        super().__init__("this needs the extra: pip install 'taosha[warc]'")
