# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What 200 signatures cost on a log of 10 MB: ``python benchmarks/signatures.py``."""

from __future__ import annotations

import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / ".collections"))
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _agent_log, _signatures  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._signatures import for_probe  # noqa: E402

SIZE = 10 << 20
COUNT = 200
ROUNDS = 15
ROUND = """\
2026-03-01T{0:02}:{1:02}:01.1Z INFO ExtHandler ExtHandler [HEARTBEAT] Agent WALinuxAgent-2.9.1.1 is running {2}
2026-03-01T{0:02}:{1:02}:02.1Z INFO ExtHandler ExtHandler ProcessExtensionsGoalState started [incarnation_{2}]
2026-03-01T{0:02}:{1:02}:03.1Z INFO ExtHandler [Microsoft.Azure.Extension{3}-1.0.{2}] Target handler state: enabled
2026-03-01T{0:02}:{1:02}:04.1Z WARNING ExtHandler ExtHandler Fetch failed: GET https://x{2}.blob.core.windows.net/{2}
2026-03-01T{0:02}:{1:02}:05.1Z ERROR ExtHandler ExtHandler Event: name=Extension{3}, message=Non-zero exit code: {3}
"""


def log() -> str:
    text, number = [], 0
    while sum(map(len, text[-1:])) * number < SIZE:
        text.append(ROUND.format(number // 60 % 24, number % 60, number, number % 7))
        number += 1
    return "".join(text)


def signatures() -> list[_signatures.Signature]:
    """Those that are known, and as many made up ones as there are to be."""
    known = [row for row in for_probe() if row["log"] == "agent"]
    made = [
        {"name": f"made_{n}", "log": "agent", "any": [f"Failure number {n} of the module", f"Exception in step {n} of"]}
        for n in range(COUNT - len(known))
    ]
    return _signatures.of_log({"signatures": known + made}, "agent")


def main() -> None:
    rows = signatures()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, _agent_log.PATH.lstrip("/"))
        path.parent.mkdir(parents=True)
        path.write_text(log(), "utf-8")
        host = _probe.Host(folder)
        for name, chosen in (("none", []), (f"{len(rows)} signatures", rows)):
            spent = []
            for _round in range(ROUNDS):
                started = time.process_time()
                _agent_log.describe(host, None, None, chosen)
                spent.append(1000 * (time.process_time() - started))
            print(f"{name:16} median {sorted(spent)[ROUNDS // 2]:6.2f} ms, best {min(spent):6.2f} ms")


if __name__ == "__main__":
    main()
