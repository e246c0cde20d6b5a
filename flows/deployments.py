"""What runs by itself: the deployments, said once, for ``fenjie serve`` and for prefect.yaml.

``python -m flows.deployments`` writes prefect.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

#: Schedules are in China's time, wherever the server stands.
TIMEZONE = "Asia/Shanghai"
#: The work pool that prefect.yaml names.
POOL = "fenjie"
#: Seconds for which a file must not have changed before a scheduled check takes it.
SETTLE = 30.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow that runs on a schedule.

    ``flow`` is ``module.function`` (so that Prefect imports it by its name instead of putting flows/ before every
    other package), ``cron`` when it runs unless the environment variable ``variable`` says otherwise. ``parameters``
    are what the flow is given besides the folders and the database.
    """

    name: str
    flow: str
    cron: str
    variable: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


#: Monthly, as nothing is lost by a look that finds nothing, while a yearly date would be missed by documents that come
#: late; and Prefect shows no run that is more than 100 days ahead.
DEPLOYMENTS = (
    Deployment(
        "check-raw",
        "flows.scheduled.check_raw",
        "0 6 1 * *",
        "FENJIE_CHECK_CRON",
        "Ingest what is new or changed in raw/.",
        {"settle": SETTLE},
    ),
    Deployment(
        "reprocess",
        "flows.scheduled.reprocess_all",
        "0 6 2 * *",
        "FENJIE_REPROCESS_CRON",
        "Make every release again with the current code and rules, and publish those within the limits of change.",
    ),
)
_HEADER = """\
# The deployments of `fenjie serve`, for a work pool: see docs/operations.md.
# Made by `python -m flows.deployments` from flows/deployments.py; change them there.
#
#   prefect work-pool create {pool} --type process
#   prefect work-pool set-concurrency-limit {pool} 1
#   prefect --no-prompt deploy --all
#   prefect worker start --pool {pool}
#
# Folders are relative to the folder in which `prefect deploy` is called. The database is that of FENJIE_DATABASE where
# the worker runs, else outputs/fenjie.db; no password is ever a parameter.
"""


def prefect_yaml() -> str:
    """The text of prefect.yaml."""
    content = {
        "name": "fenjie",
        "build": None,
        "push": None,
        "pull": None,
        "deployments": list(map(_entry, DEPLOYMENTS)),
    }
    return _HEADER.format(pool=POOL) + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def parameters(deployment: Deployment, raw: str, outputs: str, database: str | None) -> dict[str, Any]:
    """The parameters of a deployment's flow runs; ``database`` is a name that may be shown."""
    return {"raw": raw, "outputs": outputs, "database": database, **deployment.parameters}


def _entry(deployment: Deployment) -> dict[str, Any]:
    return {
        "name": deployment.name,
        "description": deployment.description,
        "entrypoint": deployment.flow,
        "parameters": parameters(deployment, "raw", "outputs", None),
        "schedules": [{"cron": deployment.cron, "timezone": TIMEZONE}],
        # One that is due while its last run is still going on has nothing to add.
        "concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"},
        "work_pool": {"name": POOL, "job_variables": {"env": {"DO_NOT_TRACK": "1"}}},
    }


def main() -> None:
    """Write prefect.yaml into the project's folder."""
    Path(__file__).resolve().parent.parent.joinpath("prefect.yaml").write_text(prefect_yaml(), encoding="utf-8")


if __name__ == "__main__":
    main()
