# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to a unit and what its undo does, with a systemd that only keeps a record."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change.commands import Result
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies.waagent_service import (
    OPTIONS,
    plan_script,
    plan_unit,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.scripts import ScriptService
from ansible_collections.vmbackup.azure.plugins.module_utils._change.systemd import Systemd, UnitStep, restore_verbs
from ansible_collections.vmbackup.azure.plugins.module_utils._change.transaction import Context, Plan, execute
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import init_scripts

UNIT = "walinuxagent.service"
RUNNING = {"ActiveState": "active", "UnitFileState": "enabled", "LoadState": "loaded"}
MASKED = {"ActiveState": "active", "UnitFileState": "masked", "LoadState": "masked"}
UNTIL_BOOT = {**MASKED, "UnitFileState": "masked-runtime"}


def fake(shown, failing=()):
    """A Systemd that shows this, and the verbs that it was asked for."""
    verbs = []

    def run(argv, **_options):
        if "show" in argv:
            return Result(0, "".join(f"{key}={value}\n" for key, value in shown.items()), "")
        verbs.append(" ".join(argv[2:-1]))
        return Result(1, "", "Job failed.") if argv[2] in failing else Result(0, "", "")

    return Systemd(run), verbs


def wanted(**options):
    return {**{name: option.get("default") for name, option in OPTIONS.items()}, **options}


@pytest.mark.parametrize("options", [{}, {"state": "restarted"}, {"enabled": False}])
def test_a_mask_is_somebodys_wish(options):
    systemd, verbs = fake(MASKED)
    with pytest.raises(ChangeError, match=f"Cannot start '{UNIT}': it is masked"):
        plan_unit(systemd, UNIT, wanted(**options))
    assert verbs == []


@pytest.mark.parametrize(
    ("shown", "masking"),
    [(MASKED, ["unmask", "restart", "mask"]), (UNTIL_BOOT, ["unmask --runtime", "restart", "mask --runtime"])],
)
@pytest.mark.parametrize("failing", [(), ("restart",)])
def test_a_running_agent_is_restarted_under_its_mask(shown, masking, failing, tmp_path):
    systemd, verbs = fake(shown, failing)
    (step,) = plan_unit(systemd, UNIT, wanted(state="restarted", enabled=False)).steps
    assert (
        restore_verbs(step.entry()["before"], state("active", links=()), step.entry()["after"]) == masking[-1:]
    )  # killed while the mask was off
    context = Context("waagent_service", journal_dir=str(tmp_path / "journal"))
    try:
        execute(lambda: Plan([step], {}, {}), context)
    except ChangeError as error:
        assert failing and str(error) == f"Cannot restart '{UNIT}': Job failed."
    assert verbs == masking


def test_a_restart_leaves_nothing_in_the_journal(tmp_path):
    systemd, verbs = fake(RUNNING)
    context = Context("waagent_service", journal_dir=str(tmp_path / "journal"))
    result = execute(lambda: Plan([UnitStep(systemd, UNIT, ["restart"])], {}, {}), context)
    assert (result["changed"], result["journal"], context.journal.runs()) == (True, "", [])
    assert verbs == ["restart"]


@pytest.mark.parametrize("options", [{"state": "restarted"}, {}])
def test_files_that_systemd_has_not_read_are_read_before_a_start(options, tmp_path):
    shown = dict(RUNNING, ActiveState="active" if options else "inactive", NeedDaemonReload="yes")
    systemd, verbs = fake(shown)
    plan = plan_unit(systemd, UNIT, wanted(verify_seconds=0, **options))
    assert [step.entry() for step in plan.steps][:1] == [None]
    for step in plan.steps:
        step.apply(None)
    assert verbs == ["", "restart" if options else "start"]
    systemd, verbs = fake(dict(shown, ActiveState="active"))
    assert not plan_unit(systemd, UNIT, wanted()).changed


def state(active, masked="", links=("x",)):
    """A unit's state; ``masked`` is what systemd calls the mask."""
    known = {"active": active == "active", "active_state": active, "links": list(links)}
    return {**known, "masked": bool(masked), "unit_file_state": masked or "enabled"}


@pytest.mark.parametrize(
    ("before", "now", "verbs"),
    [
        (state("active"), state("active"), []),
        (state("inactive"), state("active"), ["stop"]),
        (state("inactive"), state("activating"), ["stop", "reset-failed"]),
        (state("inactive"), state("failed"), ["reset-failed"]),
        (state("failed"), state("active"), ["stop"]),
        (state("failed"), state("failed"), []),
        (state("inactive", links=()), state("active"), ["stop", "disable"]),
        (state("inactive", masked="masked"), state("active"), ["stop", "mask"]),
        (state("active", masked="masked"), state("active"), ["mask"]),
        (state("active"), state("inactive", masked="masked"), ["unmask", "start"]),
        (state("active", masked="masked-runtime"), state("active"), ["mask --runtime"]),
        (state("active"), state("active", masked="masked-runtime"), ["unmask --runtime"]),
    ],
)
def test_the_way_back(before, now, verbs):
    assert restore_verbs(before, now) == verbs


SCRIPT = "[ -f /etc/default/walinuxagent ] && . /etc/default/walinuxagent\n[ $WALINUXAGENT_ENABLED = 1 ] || exit 0\n"


@pytest.fixture
def scripted(tmp_path, monkeypatch):
    """A service that a script starts, whose switch is in a file; the agent runs."""

    def make(script, switch):
        path = tmp_path / "default"
        path.write_text(f"WALINUXAGENT_ENABLED={switch}\n")
        init = tmp_path / "etc" / "init.d" / "walinuxagent"
        init.parent.mkdir(parents=True)
        init.write_text(script)
        monkeypatch.setattr(init_scripts, "DEFAULTS", str(path))
        monkeypatch.setattr(init_scripts, "SCRIPT_DIRECTORIES", (str(init.parent),))
        service = ScriptService("walinuxagent", lambda argv, **_options: Result(0, "", ""))
        running = {
            "active": True,
            "active_state": "active",
            "enabled": True,
            "unit_file_state": "enabled",
            "masked": False,
        }
        monkeypatch.setattr(service, "state", lambda: dict(running))
        return service, str(path)

    return make


@pytest.mark.parametrize(
    ("script", "switch", "edits"), [(SCRIPT, "0", True), (SCRIPT, "1", False), ("exec waagent -daemon\n", "0", False)]
)
def test_the_switch_of_a_start_script_is_turned_on_where_the_script_obeys_it(scripted, script, switch, edits):
    service, path = scripted(script, switch)
    plan = plan_script(service, wanted(state="restarted"))
    assert [step.path for step in plan.steps if hasattr(step, "path")] == ([path] if edits else [])


def test_a_restart_leaves_the_switch_as_it_is(scripted):
    service, _path = scripted("exec waagent -daemon\n", "0")
    restart = wanted(state="restarted", enabled=False)
    assert [hasattr(step, "path") for step in plan_script(service, restart).steps] == [False]


def test_an_agent_that_would_not_start_again_is_not_restarted(scripted):
    service, path = scripted(SCRIPT, "0")
    with pytest.raises(ChangeError) as caught:
        plan_script(service, wanted(state="restarted", enabled=False))
    said = f"it would not start again: WALINUXAGENT_ENABLED is not 1 in '{path}'"
    assert str(caught.value) == f"Cannot restart 'walinuxagent': {said}"
