"""Puts Datasette together for a store, and runs it."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from crawler.inspector.guard import App, guarded
from crawler.inspector.plugin import Plugin
from crawler.inspector.present import FILTERS
from storage import Store
from storage.dictionary import descriptions
from storage.inspection.files import readable_beside_writers

__all__ = ["inspector", "listen", "run"]

STORE = "store"
"""The store's name in Datasette, whatever its file is called: addresses stay the same."""

_HERE = Path(__file__).parent

_SETTINGS = {
    "allow_download": False,
    "default_cache_ttl": 0,
    "default_page_size": 50,
    "num_sql_threads": 2,
    "sql_time_limit_ms": 3000,
    "suggest_facets": False,
    "truncate_cells_html": 400,
}


@contextmanager
def inspector(store: Store, host: str = "127.0.0.1") -> Iterator[App]:
    """Give the application that shows ``store``; everything it opened is closed at the end."""
    datasette = Datasette(
        [],
        settings=_SETTINGS,
        metadata=_metadata(),
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
    )
    datasette.remove_database("_memory")
    mutable = readable_beside_writers(store.path)
    datasette.add_database(Database(datasette, str(store.path), is_mutable=mutable), name=STORE)
    datasette.jinja_env.filters.update(FILTERS)
    datasette.jinja_env.trim_blocks = datasette.jinja_env.lstrip_blocks = True
    plugin = Plugin(datasette, store, f"/{STORE}")
    pm.register(plugin, name=f"taosha-inspector-{id(plugin)}")
    try:
        yield guarded(datasette.app(), host, f"/{STORE}")
    finally:
        pm.unregister(plugin)
        for database in datasette.databases.values():
            database.close()


def _metadata() -> dict[str, Any]:
    queries = tomllib.loads((files("crawler.inspector") / "queries.toml").read_text(encoding="utf-8"))
    tables: dict[str, dict[str, Any]] = {
        name: {"description": _plain(it.purpose), "columns": {c: _plain(m) for c, m in it.columns.items()}}
        for name, it in descriptions().items()
    }
    tables["alembic_version"] = {"hidden": True}  # of no use to anybody who looks around
    return {"title": "taosha", "databases": {STORE: {"queries": queries, "tables": tables}}}


def _plain(markdown: str) -> str:
    """Give a sentence of the data dictionary for a page that shows it as it is."""
    return markdown.replace("`", "")


def listen(host: str, port: int) -> socket.socket:
    """Take the address; port 0 means any that is free. Raises ``OSError`` when it can not be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError:
        taken.close()
        raise
    return taken


def run(store: Store, taken: socket.socket, host: str, ready: Callable[[], None]) -> None:
    """Answer on the address until a signal stops it; ``ready`` is called when it does."""
    with inspector(store, host) as app:
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="on", server_header=False, workers=1
        )
        ready()
        uvicorn.Server(config).run(sockets=[taken])
