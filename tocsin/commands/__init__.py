"""The command line's commands, one module a theme; `tocsin/cli.py` puts them together."""
