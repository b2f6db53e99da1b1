"""The page of metrics: name, kind and labels of everything that sms_gateway/metrics.py counts."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from sms_gateway import metrics

_SUFFIX = {"Counter": "_total", "Gauge": "", "Histogram": ""}

_HEAD = """\
# Metrics

This page is the reference of what `GET /metrics` returns for Prometheus. [operating.md](../operating.md#metrics) says
which values need an alarm, and who can request them. A counter only grows while its process runs. A histogram has the
suffixes `_bucket`, `_sum` and `_count`.
"""

_LABELS = """
No label holds personal data. Labels have few values:

| label | values |
|---|---|
| `link`, `channel` | the names of the sections `[links.NAME]` and `[channels.NAME]` |
| `endpoint` | the names of the sections `[webhooks.NAME]` |
| `command` | the commands: `register_account`, `look_up_status`, `help` and so on |
| `step` | `intake`, `dispatch`, `delivery`, `receipts` |
| `what` | the troubles of [operating.md](../operating.md#health) |
| `outcome`, `reason`, `kind` | what became of it, and why; [operating.md](../operating.md#metrics) names the values |
"""


def page() -> str:
    """Return docs/reference/metrics.md."""
    rows = [f"| `{name}` | {kind} | {labels} | {means} |\n" for name, kind, labels, means in sorted(_metrics())]
    return "".join([_HEAD, "\n| metric | kind | labels | meaning |\n|---|---|---|---|\n", *rows, _LABELS])


def _metrics() -> Iterator[tuple[str, str, str, str]]:
    """Return name, kind, labels and meaning of each metric, as the source makes it."""
    for node in ast.walk(ast.parse(inspect.getsource(metrics))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SUFFIX:
            name, means, *labels = (ast.literal_eval(one) for one in node.args)
            shown = ", ".join(f"`{label}`" for label in labels[0]) if labels else ""
            yield f"{name}{_SUFFIX[node.func.id]}", node.func.id.lower(), shown, means
