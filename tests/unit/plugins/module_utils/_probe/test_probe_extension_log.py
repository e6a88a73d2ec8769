# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension's logs, by lines as its versions write them."""

import textwrap

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _extension_commands as commands
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _extension_log as log

NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"


def lines(*texts, day="2024-01-14 22:16"):
    return "\n".join(f"{day}:{n:02d}.000000 [{NAME}-1.0]{text}" for n, text in enumerate(texts))


def test_a_good_run():
    run = log.last_run(
        lines(
            "starting daemon initially",
            "skipped mount :",
            "PreSnapshot: Status Code: 200",
            "arg : ['/var/lib/waagent/x/main/safefreeze/bin/safefreeze', '60', '/data', '/']",
            "proceeded for accepting signals",
            "****** 4. Freeze Completed (Signal=1 received)",
            "2024-01-14 22:16:50 Thawing: /data",
            "Enable,success,1,Enable Succeeded,False",
        )
    )
    assert run["code"] == 1 and run["word"] == "success"
    assert run["mounts"] == ["/data", "/"]
    assert run["pre_snapshot"] == 200
    assert run["frozen"] and run["thawed"]
    assert run["failures"] == [] and run["signatures"] == []
    assert run["started"] == "2024-01-14 22:16:00"


def test_only_the_last_run_counts():
    text = lines("starting daemon initially", "Failed to FIFREEZE: /old with error message: Device or resource busy")
    text += "\n" + lines("starting daemon initially", "Enable,success,1,Enable Succeeded,False", day="2024-01-15 22:16")
    run = log.last_run(text)
    assert run["failures"] == [] and run["started"].startswith("2024-01-15")


def test_failures_of_the_freeze_helper():
    run = log.last_run(
        lines(
            "starting daemon initially",
            "Failed to FIFREEZE: /data/db log with error message: Device or resource busy",
            "Failed to open: /mnt/x with error: 0 and error message: Input/output error",
            "Path not a directory: /mnt/y",
        )
    )
    assert run["failures"] == [
        {"step": "fifreeze", "mount": "/data/db log", "error": "Device or resource busy"},
        {"step": "open", "mount": "/mnt/x", "error": "Input/output error"},
        {"step": "directory", "mount": "/mnt/y", "error": "Path not a directory"},
    ]


def test_the_old_form_of_the_log():
    run = log.last_run(
        "2016/12/16 17:18:09 [X-1.0]2016-12-16 17:18:09.73  Info  "
        "['/v/main/safefreeze/bin/safefreeze', '60', '/mnt', '/']\n"
        "2016/12/16 17:18:09\n"
        "2016/12/16 17:18:09 [X-1.0]2016-12-16 17:18:09.76  Info  Failed to FIFREEZE: /data/dblog\n"
    )
    assert run["mounts"] == ["/mnt", "/"]
    assert run["failures"] == [{"step": "fifreeze", "mount": "/data/dblog", "error": ""}]


def test_a_run_that_froze_and_says_no_more():
    run = log.last_run(lines("starting daemon initially", "proceeded for accepting signals"))
    assert run["freezing"] and not run["thawed"] and run["code"] is None


def test_no_text_no_run():
    assert log.last_run("") is None


def test_last_launch_takes_the_last_word_only():
    text = textwrap.dedent(
        """\
        Mon Nov 18 00:05:10 UTC 2019- python version unknown
        Mon Nov 18 00:05:10 UTC 2019- 3 returned from handle.py
        """
    )
    assert commands.last_launch(text) == {"returned": 3, "no_python": True}
    text += (
        "Tue Nov 19 00:05:10 UTC 2019- python3.6 path exists\nTue Nov 19 00:05:10 UTC 2019- 0 returned from handle.py"
    )
    assert commands.last_launch(text) == {"returned": 0, "no_python": False}
    assert commands.last_launch("handle.sh install returned 0") is None


def test_command_error_names_the_first_module_of_a_chain():
    text = "import crypt\nModuleNotFoundError: No module named 'crypt'\nModuleNotFoundError: No module named 'imp'\n"
    assert commands.command_error(text) == {
        "module": "crypt",
        "denied": False,
        "detail": "ModuleNotFoundError: No module named 'crypt'",
    }


def test_command_error_is_gone_after_a_command_that_worked():
    text = "ModuleNotFoundError: No module named 'crypt'\n2026-05-12T01:02:03Z INFO Command: main/handle.sh enable\n"
    assert commands.command_error(text) is None


def test_command_error_sees_a_launcher_that_may_not_run():
    text = "/bin/sh: 1: /var/lib/waagent/x/main/handle.sh: Permission denied\n"
    assert commands.command_error(text) == {"module": None, "denied": True, "detail": text.strip()}


AT = "2019-01-02 03:04:05"


def test_agent_word_until_the_extension_is_enabled():
    failed = f"2019/01/02 03:04:05.6 ERROR [{NAME}-1.0.9156.0] Non-zero exit code: 126, handle.sh install\n"
    word = {"exit_status": 126, "refused": None, "denied": True, "module": None, "version": "1.0.9156.0", "at": AT}
    word.update(detail=None, no_status=False)
    assert commands.agent_word(failed, NAME) == word
    assert commands.agent_word(failed + f"2019/01/02 04:04:05 INFO [{NAME}-1.0.9156.0] Plugin enabled\n", NAME) is None
    assert commands.agent_word("2019/01/02 03:04:05 ERROR [Other-1] Non-zero exit code: 1", NAME) is None


@pytest.mark.parametrize(("said", "denied"), [("Permission denied", True), ("Text file busy", False)])
def test_agent_word_tells_a_busy_program_from_one_that_may_not_run(said, denied):
    failed = f"2019/01/02 03:04:05.6 ERROR [{NAME}-1.0.9156.0] Non-zero exit code: 126, handle.sh enable\n"
    assert commands.agent_word(f"{failed}[stderr]\n/bin/sh: x: {said}\n", NAME)["denied"] is denied


def test_agent_word_names_the_module_of_its_own_traceback():
    failed = (
        f"2019-01-02T03:04:05.6Z ERROR name={NAME}, Non-zero exit code: 1, /v/{NAME}-1.0.9225.0/main/handle.sh enable\n"
    )
    trace = "[stderr]\nTraceback:\nModuleNotFoundError: No module named 'crypt'\n"
    word = {"exit_status": 1, "refused": None, "denied": False, "module": "crypt", "version": "1.0.9225.0", "at": AT}
    word.update(detail="ModuleNotFoundError: No module named 'crypt'", no_status=False)
    assert commands.agent_word(failed + trace, NAME) == word
    other = failed + "2019-01-02T03:04:06.6Z ERROR name=Other, Non-zero exit code: 1\n" + trace
    assert commands.agent_word(other, NAME)["module"] is None


def test_agent_word_on_a_record_that_does_not_fit():
    line = f"2019-01-02T03:04:05.6Z ERROR Event: name={NAME}, op=None, message=[ExtensionError] Downgrade not allowed\n"
    assert commands.agent_word(line, NAME)["refused"] == "Downgrade not allowed"
    assert commands.agent_word(line + f"2019/01/02 04:04:05 INFO [{NAME}-1.0.9156.0] Plugin enabled\n", NAME) is None


@pytest.mark.parametrize(
    ("end", "crash"),
    [
        (
            "Traceback (most recent call last):\n  File x\nUnicodeDecodeError: 'ascii' codec",
            "UnicodeDecodeError: 'ascii' codec",
        ),
        (
            "2019-01-02 03:04:06 OSError: [Errno 12] Cannot allocate memory",
            "OSError: [Errno 12] Cannot allocate memory",
        ),
        ("x.sh: line 42:  811 Killed   python3 main/handle.py", "x.sh: line 42:  811 Killed   python3 main/handle.py"),
        ("Killed", "Killed"),
        ("Traceback:\nKeyError: 'x'\n2019-01-02 03:04:06 goes on", None),
        ("2019-01-02 03:04:06 Enable,success,1,Enable Succeeded,False", None),
    ],
)
def test_a_run_that_ends_with_an_error(end, crash):
    run = log.last_run(f"2019-01-02 03:04:05 starting daemon initially\n{end}\n")
    assert run["crash"] == crash


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("dosnapshot responseBody: The remote server returned an error: (500) Internal Server Error.", 500),
        ("hostStatusCodePreSnapshot=200, hostStatusCodeDoSnapshot=556, ", 556),
        ("dosnapshot responseBody: {}", None),
    ],
)
def test_what_the_host_answered_to_the_snapshot(line, status):
    assert (
        log.last_run(f"2019-01-02 03:04:05 starting daemon initially\n2019-01-02 03:04:06 {line}\n")["do_snapshot"]
        == status
    )


@pytest.mark.parametrize("text", ["We couldn't read any status for", "Failed to get status file for"])
def test_the_agent_waited_for_a_status(text):
    said = commands.agent_word(f"2019-01-02T03:04:05Z ERROR {text} {NAME}-1.0.9156.0 extension\n", NAME)
    assert said["no_status"] and said["exit_status"] is None


def test_an_event_of_the_agent_ends_below_the_error_output():
    text = (
        f"2026-03-01T02:40:00.6Z ERROR ExtHandler Event: name={NAME}, op=Enable, message=Non-zero exit code: 1\n"
        '[stdout]\n\n[stderr]\nTraceback (most recent call last):\n  File "main/handle.py", line 64\nMemoryError\n'
        ", duration=0\n"
        "2026-03-01T02:40:01.6Z INFO ExtHandler ExtHandler ProcessExtensionsGoalState completed\n"
    )
    assert commands.agent_word(text, NAME)["detail"] == "MemoryError"


def test_a_failed_step_that_tells_its_error_after_a_colon():
    run = log.last_run(lines("starting daemon initially", "Failed to open: /mnt/y: No such device or address"))
    assert run["failures"] == [{"step": "open", "mount": "/mnt/y", "error": "No such device or address"}]
