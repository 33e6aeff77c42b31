"""The process that runs flows: waits for Prefect's server, tidies up after the last stop, registers, becomes Prefect's worker.

`python -m workflows.serve [--alone] [--register-only]`, in the environment that `klynge run` sets.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from typing import Final

import click
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

from crm.cli.prefect_env import POOL, runs_at_once
from integrations.prefect_client.client import PrefectClient
from workflows.deployments import register
from workflows.runtime import container

#: How long to wait for the server, in seconds; after that the supervisor starts us anew.
PATIENCE: Final = 120


def wait_for_server() -> bool:
    """Wait until Prefect's server answers; False when it never did."""
    engine, until = PrefectClient(container().settings), time.monotonic() + PATIENCE
    while not engine.healthy():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    engine.close()
    return True


def close_interrupted(client: SyncPrefectClient) -> int:
    """Close the runs that the last stop cut off; only where no other worker can be alive. Their orders are taken up again."""
    states = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    cut_off = client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=states)))
    for run in cut_off:
        client.set_flow_run_state(run.id, Crashed(message="Afbrudt: Klynge blev stoppet undervejs."), force=True)
    return len(cut_off)


def main() -> None:
    """Do what the head of this file says."""
    parser = argparse.ArgumentParser(prog="workflows.serve")
    parser.add_argument("--alone", action="store_true", help="no other worker takes from this pool: close what was cut off")
    parser.add_argument("--register-only", action="store_true", help="register the flows and end")
    options = parser.parse_args()
    if not wait_for_server():
        sys.exit("Prefect's server does not answer.")
    if options.alone:
        with get_client(sync_client=True) as client:
            click.echo(f"interrupted runs closed: {close_interrupted(client)}")
    click.echo(f"flows registered anew: {', '.join(register()) or 'none, all are as they were'}")
    if options.register_only:
        return
    # A shell that starts us in the background has SIGINT ignored; Prefect's worker stops itself by SIGINT.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    limit = str(runs_at_once(container().settings))
    container().database.dispose()
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process", "--limit", limit]
    os.execv(sys.executable, command)  # noqa: S606 - becomes Prefect's worker: no shell, no words of others


if __name__ == "__main__":
    main()
