"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Iterable

import click

from flows.settings import PASSWORD

DATABASE = click.option(
    "--database",
    envvar="FENJIE_DATABASE",
    help="Database URL (sqlite:///FILE, postgresql://USER@HOST/NAME ...) or block:NAME, a Secret block of Prefect that "
    "holds one. Passwords belong into the environment (FENJIE_DATABASE, PGPASSWORD) or a block.  "
    "[default: sqlite:///OUTPUTS/fenjie.db]",
)
PASSWORD_OPTION = click.option(
    "--password",
    envvar=PASSWORD,
    help=f"Opens encrypted PDF files. Safer in the environment ({PASSWORD}): other users can see a command line.",
)
RUNNER = click.option(
    "--runner",
    type=click.Choice(["threads", "dask"]),
    default="threads",
    show_default=True,
    help="Who reads and validates: threads of this process, or processes of a Dask cluster (for many documents).",
)
WORKERS = click.option(
    "--workers", type=click.IntRange(min=1), help="Batches of documents at a time.  [default: what fits the machine]"
)
DASK_ADDRESS = click.option(
    "--dask-address", metavar="ADDRESS", help="Scheduler of a Dask cluster, tcp://HOST:8786, instead of one of our own."
)


def unknown_of(accept: Iterable[str], document_ids: Iterable[str | None]) -> str | None:
    """What is wrong with ``--accept`` where it names documents that the run did not have; None when nothing is."""
    unknown = sorted(set(accept) - {"all"} - set(document_ids))
    return f"--accept {', '.join(unknown)}: this run had no such document" if unknown else None
