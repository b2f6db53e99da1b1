"""wsgi:application, as any WSGI server loads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from db.engine import open_database
from db.revision import upgrade
from sms_gateway import keyfile

ROOT = Path(__file__).parent.parent


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def test_importing_it_starts_nothing() -> None:
    done = run("import wsgi, threading; print(threading.active_count())", SMS_GATEWAY_CONFIG="/nowhere/gateway.toml")
    assert done.stdout.strip() == "1", done.stderr


def test_the_first_request_builds_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    database = open_database(url, keyfile.load_or_make(tmp_path / "keys"))
    upgrade(database)
    database.close()
    code = (
        "from werkzeug.test import Client; from wsgi import application; "
        "print(Client(application).get('/healthz').status_code)"
    )
    done = run(
        code,
        SMS_GATEWAY_DATABASE__URL=url,
        SMS_GATEWAY_DATABASE__KEY_FILE=str(tmp_path / "keys"),
    )
    assert done.stdout.strip() == "200", done.stderr
