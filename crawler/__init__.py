"""Brings pages in and composes the other rooms: sources, spiders, dumps, ingest, command line."""
