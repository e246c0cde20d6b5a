"""The settings of Prefect 3.8 that a run from the command line makes, and why."""

from __future__ import annotations

# Wanted whichever server is used.
ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Prefect logs every state change at INFO, straight through the progress bars on the terminal.
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}

# Wanted only where the server lives and dies with this run: somebody's own server needs its log shipping and
# checks.
OWN_SERVER = {
    # A profile in PREFECT_HOME may have switched off the temporary server the fallback needs.
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    # The run log is the project's own; shipping logs would only race with the server's shutdown.
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    # There are no automations, and nobody reads the events. The recorder of task runs is another service and
    # stays.
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    # These run in an ephemeral server only by somebody's change of mind at Prefect: said here to be sure.
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED": "false",
    # Results go to local files, which need no registered block type. The memo is off as well because taking
    # it loads every collection even where nothing is registered.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    # Client and server are the same installation: two requests that can only say so.
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    # Run-time type checks inside a dependency of the server, compiled anew at every start.
    "PY_KEY_VALUE_DISABLE_BEARTYPE": "true",
}
