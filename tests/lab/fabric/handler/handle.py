# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-in for the backup extension: records how the agent called it and reports a result, or misbehaves."""

import json
import os
import resource
import sys
import time

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def folders():
    with open(os.path.join(HOME, "HandlerEnvironment.json")) as file:
        return json.load(file)[0]["handlerEnvironment"]


def current_settings(config_folder):
    """Sequence number and public settings of the newest task; (None, {}) where there is none."""
    numbers = [int(name[:-9]) for name in os.listdir(config_folder) if name.endswith(".settings")]
    if not numbers:
        return None, {}
    with open(os.path.join(config_folder, f"{max(numbers)}.settings")) as file:
        handler_settings = json.load(file)["runtimeSettings"][0]["handlerSettings"]
    return max(numbers), handler_settings.get("publicSettings") or {}


def append(folder, name, line):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "a") as file:
        file.write(line + "\n")


def report(status_folder, sequence, state, code, message):
    """Write status/N.status, in one step so that the agent never reads half of it."""
    detail = {"name": "status", "value": message}
    text = {"lang": "en-US", "message": message}
    substatus = {"code": 0, "name": json.dumps([detail]), "status": "success", "formattedMessage": text}
    status = {"name": NAME, "operation": "Enable", "status": state, "code": code, "formattedMessage": text}
    status["substatus"] = [substatus]
    target = os.path.join(status_folder, f"{sequence}.status")
    with open(target + ".new", "w") as file:
        json.dump([{"version": "1.0", "timestampUTC": now(), "status": status}], file)
    os.rename(target + ".new", target)


def enable(places, sequence, behaviour):
    """Exit status of the enable command."""
    with open(os.path.join(HOME, "mrseq"), "w") as file:
        file.write(str(sequence))
    if behaviour == "crash":
        return 1
    if behaviour == "silent":
        return 0
    if behaviour == "greedy":
        resource.setrlimit(resource.RLIMIT_AS, (128 << 20, 128 << 20))
        return len(bytearray(1 << 30))
    if behaviour == "failure":
        report(places["statusFolder"], sequence, "error", 2, "Enable failed with error: 2")
        return 1
    if behaviour == "stuck":
        report(places["statusFolder"], sequence, "transitioning", 4, "Transitioning state in extension")
        while True:
            time.sleep(60)
    report(places["statusFolder"], sequence, "success", 1, "Enable Succeeded")
    return 0


def main():
    command = sys.argv[1].lstrip("-")
    places = folders()
    sequence, public = current_settings(places["configFolder"])
    call = {
        "time": now(),
        "command": command,
        "sequence": sequence,
        "task": public.get("taskId"),
        "cwd": os.getcwd(),
        "environment": {key: value for key, value in os.environ.items() if "proxy" in key.lower() or "AZURE" in key},
    }
    append(places["logFolder"], "calls.jsonl", json.dumps(call, sort_keys=True))
    append(places["logFolder"], "extension.log", f"{now()} {command} started, sequence {sequence}")
    status = 0
    if command == "enable" and sequence is not None:
        status = enable(places, sequence, public.get("lab", {}).get("behaviour", "success"))
    append(places["logFolder"], "extension.log", f"{now()} {command} ended with {status}")
    return status


if __name__ == "__main__":
    sys.exit(main())
