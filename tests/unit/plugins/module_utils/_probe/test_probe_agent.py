# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Section agent, read from trees that look like the distributions' systems."""

import json
import os

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _manager, _systemd, _versions, agent

UNIT = "/usr/lib/systemd/system/walinuxagent.service"
DEBIAN = """[Unit]
Description=agent
ConditionVirtualization=microsoft

[Service]
ExecStart=/usr/sbin/waagent -daemon

[Install]
WantedBy=multi-user.target
"""
UPSTREAM = """[Unit]
ConditionFileIsExecutable=/usr/sbin/waagent
ConditionPathExists=/etc/waagent.conf

[Service]
ExecStart=/usr/bin/python3 -u /usr/sbin/waagent -daemon
Restart=always
RestartSec=5
"""
VERSION_FILE = "/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py"
SYSTEM = {
    "/usr/bin/env": "",
    "/usr/bin/python3.11": "",
    "/etc/waagent.conf": "AutoUpdate.Enabled=n\n",
    "/usr/sbin/waagent": "#!/usr/bin/python3\n",
    UNIT: DEBIAN,
    VERSION_FILE: "AGENT_NAME = 'x'\nAGENT_VERSION = '2.7.3.0'\n",
    "/var/lib/waagent/provisioned": "id",
}


@pytest.fixture
def debian(tree, section, tmp_path):
    """The facts of a Debian system, with files added or (None) taken away, and links ``{path: target}``."""

    def collect(files=(), links=()):
        wanted = dict(SYSTEM, **dict(files))
        tree({path: text for path, text in wanted.items() if text is not None})
        if wanted["/usr/sbin/waagent"] is not None:
            os.chmod(tmp_path / "usr/sbin/waagent", 0o755)
        standard = {"/usr/bin/python3": "python3.11", "/lib": "usr/lib"}
        for path, target in dict(standard, **dict(links)).items():
            place = tmp_path / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(target, place)
        return section(agent, _probe.Host(str(tmp_path)))

    return collect


WANTED = "/etc/systemd/system/multi-user.target.wants/walinuxagent.service"


def test_a_healthy_system(debian):
    facts = debian(links={WANTED: UNIT})
    assert facts["binary"]["path"] == "/usr/sbin/waagent" and facts["binary"]["executable"]
    unit = facts["unit"]
    assert (unit["name"], unit["kind"], unit["load"], unit["enabled"]) == (
        "walinuxagent.service",
        "systemd",
        "loaded",
        "enabled",
    )
    assert (unit["restart"], unit["restart_s"], unit["exec"]) == ("no", 0.1, ["/usr/sbin/waagent", "-daemon"])
    assert facts["installed"] == {"version": "2.7.3.0", "read_from": VERSION_FILE}
    assert facts["version"]["value"] == "2.7.3.0" and facts["version"]["of"] == "next start"
    assert facts["interpreter"]["resolved"] == "/usr/bin/python3.11" and facts["interpreter"]["version"] == "3.11"
    assert facts["disabled_by"] is None and facts["provisioning"]["provisioned"]


def test_what_only_a_running_system_says_is_missing(debian):
    facts = debian()
    for name in ("daemon", "handler", "unit.active", "status", "cgroups", "interpreter.imports"):
        assert facts.missing[name] == "live", name


def test_without_the_link_it_is_disabled(debian):
    assert debian()["unit"]["enabled"] == "disabled"


NAME = "walinuxagent.service"
VENDOR = "/usr/lib/systemd/system/"
UPHOLDS = VENDOR + "multi-user.target.d/10-waagent.conf"
DISABLED = [
    {VENDOR + "rescue.target.d/10-waagent.conf": f"[Unit]\nUpholds={NAME}\n"},
    {UPHOLDS: "[Unit]\nUpholds=walinuxagent.service.d other.service\n"},
    {UPHOLDS: f"[Unit]\nAfter={NAME}\nRequisite={NAME}\n"},
    {UPHOLDS: f"[Install]\nWants={NAME}\n"},
    {UPHOLDS: f"[Unit]\nUpholds={NAME}\n", "/etc/systemd/system/multi-user.target.d/10-waagent.conf": "\n"},
]


@pytest.mark.parametrize("key", ["Upholds", "Wants", "Requires", "BindsTo"])
def test_a_drop_in_of_a_target_starts_it(debian, key):
    assert debian({UPHOLDS: f"[Unit]\n{key}=x.service {NAME}\n"})["unit"]["enabled"] == "static"


@pytest.mark.parametrize("files", DISABLED)
def test_drop_ins_that_do_not_start_it(debian, files):
    assert debian(files)["unit"]["enabled"] == "disabled"


@pytest.mark.parametrize(
    ("link", "target", "word"),
    [
        ("multi-user.target.wants", UNIT, "static"),
        ("multi-user.target.upholds", "../" + NAME, "static"),
        ("graphical.target.wants", UNIT, "disabled"),
        ("multi-user.target.wants", "/dev/null", "disabled"),
    ],
)
def test_a_link_of_the_vendor_starts_it(debian, link, target, word):
    assert debian(links={f"{VENDOR}{link}/{NAME}": target})["unit"]["enabled"] == word


@pytest.mark.parametrize(
    ("files", "said", "word"),
    [
        ({UPHOLDS: f"[Unit]\nUpholds={NAME}\n"}, "disabled", "static"),
        ({UPHOLDS: f"[Unit]\nUpholds={NAME}\n"}, "masked", "masked"),
        (DISABLED[0], "disabled", "disabled"),
    ],
)
def test_the_manager_does_not_say_what_a_target_starts(tree, monkeypatch, tmp_path, files, said, word):
    host = tree({UNIT: DEBIAN, **files})
    host.live = True
    monkeypatch.setattr(host, "path", lambda path, follow=True: str(tmp_path) + path)
    shown = {"Id": NAME, "LoadState": "loaded", "UnitFileState": said, "FragmentPath": UNIT}
    monkeypatch.setattr(_manager, "shown", lambda _host: {NAME: shown})
    assert _systemd.describe(host, None)["enabled"] == word


def test_masked_by_link(debian):
    unit = debian(links={"/etc/systemd/system/walinuxagent.service": "/dev/null"})["unit"]
    assert (unit["load"], unit["enabled"]) == ("masked", "masked")
    assert unit["masked_by"] == "/etc/systemd/system/walinuxagent.service"


def test_a_mask_without_the_package(debian):
    unit = debian({UNIT: None}, {"/etc/systemd/system/waagent.service": "/dev/null"})["unit"]
    assert (unit["name"], unit["load"]) == ("waagent.service", "masked")


def test_an_alias_is_no_second_agent(debian):
    assert debian(links={"/etc/systemd/system/waagent.service": UNIT})["other_units"] == []


def test_a_second_unit(debian):
    assert debian({"/etc/systemd/system/waagent.service": UPSTREAM})["other_units"] == ["waagent.service"]


def test_a_drop_in_changes_what_counts(debian):
    drop_in = "/etc/systemd/system/walinuxagent.service.d/restart.conf"
    unit = debian({drop_in: "[Unit]\nConditionVirtualization=\n[Service]\nRestart=always\nRestartSec=1min 5s\n"})[
        "unit"
    ]
    assert (unit["restart"], unit["restart_s"]) == ("always", 65.0)
    assert unit["conditions"] == [] and drop_in in unit["read_from"]


def test_conditions_are_compared_with_the_system(debian):
    unit = debian({UNIT: UPSTREAM, "/etc/waagent.conf": None})["unit"]
    found = {entry["name"]: (entry["holds"], entry["found"]) for entry in unit["conditions"]}
    assert found == {
        "ConditionFileIsExecutable": (True, "mode 0755"),
        "ConditionPathExists": (False, "no such file"),
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("ConditionPathExists=!/etc/off", [True]),
        ("ConditionPathExists=!/etc/waagent.conf", [False]),
        ("ConditionPathExists=|/nowhere\nConditionPathExists=|/etc/waagent.conf", []),
        ("ConditionPathExists=|/nowhere\nConditionPathExists=|/nirgends", [False, False]),
        ("ConditionPathExists=/nowhere\nConditionHost=\nConditionPathExists=/etc/waagent.conf", [True]),
        ("ConditionKernelVersion=>3", [None]),
        ("AssertPathExists=/none\nConditionPathExists=/etc/waagent.conf", [True, False]),
        ("AssertPathExists=/none\nConditionPathExists=", [False]),
        ("AssertPathExists=|/none\nAssertPathExists=|/etc/waagent.conf", []),
    ],
)
def test_forms_of_conditions(debian, lines, expected):
    unit = debian({UNIT: f"[Unit]\n{lines}\n[Service]\nExecStart=/usr/sbin/waagent\n"})["unit"]
    assert [entry["holds"] for entry in unit["conditions"]] == expected


def test_a_part_of_a_system_does_not_prove_absence(section, tree):
    facts = section(agent, tree({"/etc/waagent.conf": "A=b\n", UNIT: DEBIAN}))
    for name in ("binary", "unit.enabled", "interpreter", "openssl", "provisioning"):
        assert facts.missing[name].startswith("the tree does not contain"), name


def test_no_agent_at_all(section, tree):
    facts = section(agent, tree({"/usr/bin/env": ""}))
    assert facts["binary"] is None and facts["unit"] is None and facts["installed"] is None and facts["log"] is None


def test_the_interpreter_of_the_unit_counts(debian):
    facts = debian({UNIT: UPSTREAM.replace("python3 ", "python ")})
    assert facts["interpreter"]["command"] == "/usr/bin/python" and not facts["interpreter"]["exists"]
    assert facts["interpreter"]["imports"] is False and facts["interpreter"]["read_from"] == "ExecStart"


def test_a_later_exec_start_counts(debian):
    drop_in = "/etc/systemd/system/walinuxagent.service.d/python.conf"
    override = "[Service]\nExecStart=\nExecStart=/usr/libexec/platform-python -u /usr/sbin/waagent -daemon\n"
    facts = debian({UNIT: UPSTREAM, drop_in: override, "/usr/libexec/platform-python": ""})
    assert facts["interpreter"]["command"] == "/usr/libexec/platform-python" and facts["interpreter"]["exists"]


def test_a_shebang_with_env_is_searched(debian):
    facts = debian({"/usr/sbin/waagent": "#!/usr/bin/env python3\n"}, {"/usr/local/bin/python3": "/usr/bin/python3"})
    # Nothing in /usr/local/bin is executable here, nor in /usr/bin: a file of the tree without the bit is passed over.
    assert facts["interpreter"]["command"] == "python3" and not facts["interpreter"]["exists"]


def test_the_package_of_another_python(debian):
    other = "/usr/lib/python3.6/site-packages/azurelinuxagent/common/version.py"
    facts = debian({VERSION_FILE: None, other: "AGENT_VERSION = '2.7.0.6'\n", UNIT: UPSTREAM})
    assert facts["interpreter"]["package_elsewhere"] == "/usr/lib/python3.6/site-packages/azurelinuxagent"
    assert facts["installed"]["version"] == "2.7.0.6"


def test_downloads_count_only_when_they_may(debian):
    new = {"/var/lib/waagent/WALinuxAgent-2.10.0.8/HandlerManifest.json": "[]",
           "/var/lib/waagent/WALinuxAgent-2.9.1.1/HandlerManifest.json": "[]"}  # fmt: skip
    assert debian(new)["version"]["value"] == "2.7.3.0"


def test_the_newest_usable_download_runs(debian):
    bad = {"last_failure": 1710526000.0, "failure_count": 1, "was_fatal": True, "reason": "a\nImportError: x"}
    facts = debian(
        {
            "/etc/waagent.conf": "Logs.Verbose=n\n",
            "/var/lib/waagent/WALinuxAgent-2.10.0.8/HandlerManifest.json": "[]",
            "/var/lib/waagent/WALinuxAgent-2.10.0.8/error.json": json.dumps(bad),
            "/var/lib/waagent/WALinuxAgent-2.9.1.1/HandlerManifest.json": "[]",
            "/var/lib/waagent/WALinuxAgent-2.9.1.1/error.json": "no json",
            "/var/lib/waagent/WALinuxAgent-2.11.0.1.zip": "",
        }
    )
    assert [(entry["version"], entry["blacklisted"]) for entry in facts["downloaded"]] == [
        ("2.10.0.8", True),
        ("2.9.1.1", False),
    ]
    assert facts["downloaded"][0]["reason"] == "ImportError: x"
    assert facts["version"]["value"] == "2.9.1.1"


def test_the_key_of_newer_agents_allows_downloads_whatever_its_value(debian):
    facts = debian(
        {
            "/etc/waagent.conf": "AutoUpdate.UpdateToLatestVersion=n\nAutoUpdate.Enabled=n\n",
            "/var/lib/waagent/WALinuxAgent-2.9.1.1/HandlerManifest.json": "[]",
        }
    )
    assert facts["uses_downloads"] and facts["version"]["value"] == "2.9.1.1"


def test_a_moved_library_directory(debian):
    facts = debian({"/etc/waagent.conf": "Lib.Dir=/srv/agent/\n", "/srv/agent/disable_agent": ""})
    assert facts["disabled_by"] == "/srv/agent/disable_agent"


def test_the_old_single_file_agent(debian):
    old = '#!/usr/bin/python3\nGuestAgentName = "x"\nGuestAgentVersion = "WALinuxAgent-2.0.16"\n'
    facts = debian({VERSION_FILE: None, "/usr/sbin/waagent": old})
    assert facts["installed"] == {"version": "2.0.16", "read_from": "/usr/sbin/waagent"}


def test_dpkg_says_that_the_package_was_removed(debian):
    status = "Package: a\nVersion: 1\n\nPackage: walinuxagent\nStatus: deinstall ok config-files\nVersion: 2.2\n\n"
    assert debian({"/var/lib/dpkg/status": status})["package"]["status"] == "deinstall ok config-files"


def test_upstart_with_its_gate(debian):
    job = 'start on runlevel [2345]\npre-start script\n [ "$WALINUXAGENT_ENABLED" = 1 ]\nend script\n'
    facts = debian({UNIT: None, "/etc/init/walinuxagent.conf": job + "exec /usr/sbin/waagent -daemon\nrespawn\n"})
    assert (facts["unit"]["kind"], facts["unit"]["enabled"], facts["unit"]["restart"]) == (
        "upstart",
        "enabled",
        "always",
    )
    assert facts["default_gate"]["required"] and facts["default_gate"]["value"] is None


def test_a_script_of_system_v(debian):
    facts = debian(
        {UNIT: None, "/etc/init.d/waagent": "#!/bin/sh\n", "/etc/default/walinuxagent": "WALINUXAGENT_ENABLED=0\n"},
        {"/etc/rc3.d/S15waagent": "../init.d/waagent"},
    )
    assert (facts["unit"]["kind"], facts["unit"]["enabled"], facts["unit"]["restart"]) == ("sysvinit", "enabled", "no")
    assert facts["default_gate"] == {
        "required": False,
        "value": "0",
        "present": True,
        "read_from": "/etc/default/walinuxagent:1",
    }


def test_openrc_without_a_runlevel(debian):
    facts = debian({UNIT: None, "/etc/init.d/waagent": "#!/usr/sbin/openrc-run\n"})
    assert (facts["unit"]["kind"], facts["unit"]["enabled"]) == ("openrc", "disabled")


def test_goal_states_of_old_agents(debian):
    files = {f"/var/lib/waagent/GoalState.{number}.xml": "" for number in (51, 100)}
    files["/var/lib/waagent/Incarnation"] = "1"
    stated = debian(files)["goal_state_files"]
    assert (stated["count"], stated["lowest"], stated["highest"]) == (2, 51, 100)
    assert stated["incarnation"] == 1 and stated["current_is_there"] is False


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("install udf /bin/true", True),
        ("  install  udf /bin/false", True),
        ("blacklist udf", True),
        ("#install udf /bin/true", False),
        ("install udf /sbin/modprobe --ignore-install udf", False),
        ("install cramfs /bin/true", False),
    ],
)
def test_udf_kept_from_loading(debian, line, found):
    udf = debian({"/etc/modprobe.d/cis.conf": f"# first\n{line}\n"})["provisioning"]["udf"]
    assert (udf is not None) == found
    if found:
        assert udf["read_from"] == "/etc/modprobe.d/cis.conf:2"


def test_the_service_sets_certificate_stores_and_openssl(debian):
    unit = DEBIAN.replace("ExecStart", "Environment=SSL_CERT_FILE=/no/ca.pem OPENSSL_CONF=/no/openssl.cnf\nExecStart")
    facts = debian({UNIT: unit, "/usr/bin/openssl": "", "/etc/ssl/certs/ca-certificates.crt": "x"})
    assert facts["ca"]["file"] == {"path": "/no/ca.pem", "exists": False}
    assert facts["ca"]["bundles"] == ["/etc/ssl/certs/ca-certificates.crt"]
    assert facts["openssl"]["config_exists"] is False and facts["openssl"]["exists"]


@pytest.mark.parametrize(("text", "directories"), [("", []), ("x", ["/etc/ssl/certs"])])
def test_empty_certificate_stores_hold_nothing(debian, text, directories):
    files = dict.fromkeys(("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"), "")
    ca = debian({**files, "/etc/ssl/certs/4a6481c9.0": text})["ca"]
    assert (ca["bundles"], ca["directories"]) == ([], directories)


def test_an_unreadable_configuration_leaves_the_other_facts(debian, tmp_path):
    (tmp_path / "etc").mkdir()
    os.mkfifo(tmp_path / "etc/waagent.conf")
    facts = debian({"/etc/waagent.conf": None})
    assert facts["paths"]["lib_dir"] == "/var/lib/waagent" and facts["installed"]["version"] == "2.7.3.0"


def test_settings_that_keep_the_unit_from_networks(tree, section):
    unit = "/usr/lib/systemd/system/walinuxagent.service"
    drop_in = "/etc/systemd/system/walinuxagent.service.d/x.conf"
    host = tree(
        {
            unit: "[Service]\nExecStart=/usr/sbin/waagent -daemon\nPrivateNetwork=no\nIPAddressAllow=10.0.0.1\n",
            drop_in: "[Service]\nPrivateNetwork=yes\nIPAddressAllow=\nIPAddressDeny=any\n",
        }
    )
    stated = section(agent, host)["unit"]["confinement"]
    assert [(one["name"], one["value"], one["read_from"]) for one in stated] == [
        ("IPAddressDeny", "any", drop_in + ":4"),
        ("PrivateNetwork", "yes", drop_in + ":2"),
    ]


def test_what_confines_the_unit(debian):
    own = "/etc/systemd/system/walinuxagent.service.d/site.conf"
    control = "/etc/systemd/system.control/walinuxagent.service.d/50-MemoryMax.conf"
    every = "/etc/systemd/system/service.d/hardening.conf"
    unit = debian(
        {
            every: "[Service]\nProtectSystem=full\nReadOnlyDirectories=/var\nNoExecPaths=/var\n",
            own: "[Service]\nNoExecPaths=\nProtectSystem=strict\nCapabilityBoundingSet=\nRestart=always\n",
            control: "[Service]\nMemoryMax=12582912\n",
        }
    )["unit"]
    assert [(one["name"], one["value"], one["read_from"]) for one in unit["confinement"]] == [
        ("CapabilityBoundingSet", "", f"{own}:4"),
        ("MemoryMax", "12582912", f"{control}:2"),
        ("ProtectSystem", "strict", f"{own}:3"),
        ("ReadOnlyPaths", "/var", f"{every}:3"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "place"),
    [
        ("A=b\n", "/opt/bin", "/etc/systemd/system/walinuxagent.service.d/site.conf:2: Environment"),
        ("A=b\nPATH=/srv/bin:/usr/bin\n", "/srv/bin:/usr/bin", "/etc/default/agent-environment:2"),
    ],
)
def test_where_the_unit_looks_for_executables(debian, text, value, place):
    file = "/etc/default/agent-environment"
    lines = f"[Service]\nEnvironment=PATH=/opt/bin LANG=C\nEnvironmentFile={file}\n"
    files = {"/etc/systemd/system/walinuxagent.service.d/site.conf": lines, file: text}
    (found,) = debian(files)["unit"]["confinement"]
    assert (found["name"], found["value"], found["read_from"]) == ("PATH", value, place)


def test_an_environment_file_that_cannot_be_read_takes_nothing_else_of_the_unit(debian):
    file = "/etc/default/agent-environment"
    lines = f"[Service]\nEnvironmentFile=-{file}\nLimitNOFILE=5\n"
    files = {"/etc/systemd/system/walinuxagent.service.d/site.conf": lines, file + "/of-a-directory": ""}
    unit = debian(files)["unit"]
    assert [one["name"] for one in unit["confinement"]] == ["LimitNOFILE"]


def test_nothing_confines_the_unit(debian):
    assert debian({})["unit"]["confinement"] == []


def test_what_runs_before_the_agent(debian):
    lines = "[Service]\nExecStartPre=-/bin/false\nExecStartPre=+/bin/mount /data\nExecCondition=/bin/true\n"
    unit = debian({"/etc/systemd/system/walinuxagent.service.d/site.conf": lines})["unit"]
    assert [(one["name"], one["value"]) for one in unit["before"]] == [
        ("ExecCondition", "/bin/true"),
        ("ExecStartPre", "+/bin/mount /data"),
    ]


@pytest.mark.parametrize(("options", "expected"), [("defaults", False), ("ro", True)])
def test_whether_extensions_can_log(debian, options, expected):
    mounts = f"/dev/sda1 / ext4 defaults 0 1\n/dev/sda2 /var/log ext4 {options} 0 2\n"
    assert debian({"/etc/fstab": mounts, "/var/log/azure/x": ""})["log_dir"]["read_only"] is expected


def test_without_a_list_of_mounts_nobody_knows_whether_extensions_can_log(debian):
    assert debian({"/var/log/azure/x": ""})["log_dir"]["read_only"] is None


REQUIRED = """[Unit]
Requires=a.service x@1.service sysinit.target
BindsTo=gone.service data.mount
Requires=off.service s.service
"""


def test_what_the_unit_requires(debian):
    files = {f"/usr/lib/systemd/system/{name}": "[Unit]\n" for name in ("a.service", "x@.service", "sysinit.target")}
    own = {"/etc/systemd/system/walinuxagent.service.d/site.conf": REQUIRED, "/etc/init.d/s": "#!/bin/sh\n"}
    unit = debian({**files, **own}, {"/etc/systemd/system/off.service": "/dev/null"})["unit"]
    assert [(one["name"], one["exists"], one["masked"]) for one in unit["requires"]] == [
        ("a.service", True, False),
        ("x@1.service", True, False),
        ("sysinit.target", True, False),
        ("off.service", True, True),
        ("s.service", True, False),
        ("gone.service", False, False),
    ]


def test_packages_of_a_python_that_was_removed(tree):
    version = "/azurelinuxagent/common/version.py"
    files = {
        "/usr/lib/python3/dist-packages" + version: "AGENT_VERSION = '2.7.1.0'\n",
        "/usr/local/lib/python3.8/dist-packages" + version: "AGENT_VERSION = '2.2.45'\n",
        "/usr/lib64/python3.9/site-packages" + version: "AGENT_VERSION = '2.2.54'\n",
        "/usr/local/bin/python3.9": "",
    }
    stated = _versions.modules(tree(files))
    assert {place["python"]: place["python_exists"] for place in stated} == {"3": True, "3.8": False, "3.9": True}
