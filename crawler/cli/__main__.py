"""`python -m crawler.cli`: the same as the installed program."""

from crawler.cli import main

main()
