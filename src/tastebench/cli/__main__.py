"""``python -m tastebench.cli``: the command line."""

from tastebench.cli.main import app

app(prog_name="tastebench")
