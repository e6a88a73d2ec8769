# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``extension`` on trees: what the agent's and the extension's files say."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import handlers
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import (
    Host,
    _policy,
    _rivals,
    _vmbackup_conf,
    extension,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema

LIB = "/var/lib/waagent"
NAME = "Microsoft.Azure.RecoveryServices.VMSnapshotLinux"
OLD, NEW = f"{LIB}/{NAME}-1.0.9230.0", f"{LIB}/{NAME}-1.0.10001.0"
THUMBPRINT = "0123456789ABCDEF0123456789ABCDEF01234567"
CONF = "/etc/azure/vmbackup.conf"


def status(code, word="success", inner="error"):
    message = json.dumps({"messageStr": "T:S https://md-1.z1.blob.storage.azure.net/x/y?sv=1&sig=SECRET end"})
    document = json.dumps([{"status": {"status": inner, "code": code}}])
    return json.dumps(
        [
            {
                "status": {
                    "status": word,
                    "code": str(code),
                    "formattedMessage": {"lang": "en-US", "message": message},
                    "substatus": [{"name": document, "status": "success", "code": 0}],
                }
            }
        ]
    )


@pytest.fixture
def files():
    handler = {"protectedSettings": "MIISECRET", "publicSettings": {"logsBlobUri": "https://x/?sig=SECRET"}}
    handler["protectedSettingsCertThumbprint"] = THUMBPRINT
    folders = {"logFolder": f"/var/log/azure/{NAME}", "configFolder": f"{NEW}/config"}
    return {
        OLD + "/config/HandlerState": "Enabled",
        NEW + "/config/HandlerState": "Enabled",
        NEW + "/config/HandlerStatus": '{"status": "NotReady", "code": 1009, "message": "Non-zero exit code: 1"}',
        NEW + "/config/9.settings": json.dumps({"runtimeSettings": [{"handlerSettings": {}}]}),
        NEW + "/config/10.settings": json.dumps({"runtimeSettings": [{"handlerSettings": handler}]}),
        NEW + "/status/9.status": status(1),
        NEW + "/status/10.status": status(121),
        NEW + "/status/11_status": status(76),
        NEW + "/mrseq": "10",
        NEW + "/HandlerEnvironment.json": json.dumps([{"handlerEnvironment": folders}]),
        NEW + "/main/handle.sh": "python3 main/handle.py",
        NEW + "/main/safefreeze/bin/safefreeze": "x",
        f"{LIB}/{THUMBPRINT}.crt": "x",
        f"{LIB}/{THUMBPRINT}.prv": "KEY",
        f"{LIB}/Microsoft.Azure.RecoveryServices.VMSnapshot-1.0.50.0/config/HandlerState": "Installed",
        "/etc/waagent.conf": "Lib.Dir=/var/lib/waagent\n",
    }


def test_everything_of_an_installed_extension(tree, section, files):
    facts = section(extension, tree(files))
    assert facts.missing == {}
    assert facts["versions"] == ["1.0.9230.0", "1.0.10001.0"]
    installed = facts["installed"]
    assert installed["version"] == "1.0.10001.0" and installed["state"] == "Enabled"
    assert installed["status"]["code"] == 1009
    assert installed["launcher"] and installed["environment"]
    assert installed["helpers"] == [{"path": "main/safefreeze/bin/safefreeze", "size": 1, "executable": False}]
    assert facts["settings"]["sequence"] == 10 and facts["settings"]["thumbprint"] == THUMBPRINT
    assert facts["certificate"]["crt"] and facts["certificate"]["prv"]
    assert facts["status"]["code"] == 121 and facts["status"]["sequence"] == 10
    assert facts["status"]["word"] == "error" and facts["status"]["reported_word"] == "success"
    assert facts["last_sequence"] == 10
    assert facts["wrong_os"] == ["Microsoft.Azure.RecoveryServices.VMSnapshot-1.0.50.0"]
    assert list(_schema.problems(dict(facts), _schema.sections("linux")["extension"], "extension")) == []


MANIFESTS = {
    '[{"handlerManifest": {"enableCommand": "main/handle.sh enable", "rebootAfterInstall": false}}]': (None, []),
    '{"handlerManifest": {"enableCommand": "bin/go -e", "disableCommand": "bin/go -d"}}': (None, ["bin/go"]),
    '[{"handlerManifest": {"enableCommand": " ", "updateCommand": 7}}]': (None, []),
    "[]": ("it names no commands", []),
    '[{"handlerManif': ("it names no commands", []),
    '{"handlerManifest": []}': ("it names no commands", []),
}


@pytest.mark.parametrize("content", MANIFESTS)
def test_the_executables_of_the_manifest(tree, section, files, content):
    files[NEW + "/HandlerManifest.json"] = content
    found = section(extension, tree(files))["installed"]["manifest"]
    assert (found["error"], found["absent"]) == MANIFESTS[content]


def test_an_executable_that_may_not_be_run(tree, files, tmp_path):
    """Where modes are the guest's own: a saved tree may have lost them."""
    files[NEW + "/HandlerManifest.json"] = '[{"handlerManifest": {"enableCommand": "main/handle.sh enable"}}]'
    host = tree(files)
    launcher = tmp_path / f"{NEW}/main/handle.sh".lstrip("/")
    launcher.chmod(0o644)
    assert handlers.manifest(host, NEW)["absent"] == []
    host.live = True
    host.path = lambda path, follow=True: str(tmp_path) + path
    assert handlers.manifest(host, NEW)["absent"] == ["main/handle.sh"]
    launcher.chmod(0o744)
    assert handlers.manifest(host, NEW)["absent"] == []


@pytest.mark.parametrize(
    ("script", "absent"),
    [
        ("#!/usr/bin/env sh\r\nexec python3 main/handle.py\r\n", ["main/handle.sh"]),
        ("#!/bin/sh\n# \r\n", []),
        ("python3 main/handle.py\r\n", []),
    ],
)
def test_a_first_line_that_names_no_interpreter(tree, files, script, absent):
    files[NEW + "/HandlerManifest.json"] = '[{"handlerManifest": {"enableCommand": "main/handle.sh enable"}}]'
    files[NEW + "/main/handle.sh"] = script
    assert handlers.manifest(tree(files), NEW)["absent"] == absent


def test_no_secret_enters_the_state(tree, section, files):
    text = repr(section(extension, tree(files)))
    assert "SECRET" not in text and "KEY" not in text


def test_an_empty_guest(tree, section):
    facts = section(extension, tree({"/etc/waagent.conf": "x=y\n"}))
    assert facts.missing == {}
    assert facts["versions"] == [] and facts["installed"] is None and facts["status"] is None
    assert list(_schema.problems(dict(facts), _schema.sections("linux")["extension"], "extension")) == []


def test_another_directory_of_the_agent(tree, section):
    folder = f"/srv/agent/{NAME}-1.0.9230.0"
    facts = section(extension, tree({"/etc/waagent.conf": "Lib.Dir=/srv/agent\n", folder + "/mrseq": "3"}))
    assert facts["installed"]["path"] == folder and facts["last_sequence"] == 3


@pytest.mark.parametrize("content", ["", "no json", "[]", "{}", '[{"status": 3}]', '[{"status": {"code": null}}]'])
def test_damaged_status_files(content):
    try:
        parsed = handlers.parse_status(json.loads(content) if content else None)
    except ValueError:
        parsed = handlers.parse_status(None)
    assert parsed["code"] is None


def test_files_of_the_wrong_kind_are_no_obstacle(tree, section, files, tmp_path):
    host = tree(files)
    (tmp_path / f"var/log/azure/{NAME}").mkdir(parents=True)
    (tmp_path / f"var/log/azure/{NAME}/extension.log").mkdir()
    facts = section(extension, host)
    assert facts["last_run"] is None and facts["status"]["code"] == 121


def test_queries_of_addresses_are_masked():
    assert handlers.short("GET https://a.b/c?sig=1&x=2 failed") == "GET https://a.b/c?sig=***&x=*** failed"


def test_vmbackup_conf_as_the_extension_takes_it():
    conf = _vmbackup_conf.parse(
        b"[SnapshotThread]\nMountsToSkip = /a, /b\n[Other]\ntimeout: 5\n[lsblkUser]\nusername: u\n"
    )
    assert conf["error"] is None
    assert conf["options"]["MountsToSkip"] == "/a, /b" and conf["options"]["timeout"] is None
    assert conf["elsewhere"] == ["Other.timeout"] and conf["lsblk_user"] == "u"
    assert _vmbackup_conf.parse(b"MountsToSkip=/a\n")["error"]


def test_the_copy_that_nobody_reads(tree):
    host = tree({NEW + "/main/tempPlugin/vmbackup.conf": "[SnapshotThread]\nfsfreeze: True\nMountsToSkip=/a\n"})
    assert _vmbackup_conf.misplaced(host, NEW)["options"] == {"MountsToSkip": "/a"}


def test_policies():
    listed = {"extensionPolicies": {"allowListedExtensionsOnly": True, "extensions": {NAME.upper(): {}}}}
    assert _policy.parse(json.dumps(listed))["listed"]
    assert not _policy.parse('{"extensionPolicies": {"allowListedExtensionsOnly": true}}')["listed"]
    assert _policy.parse("{")["error"] and _policy.parse("[]")["error"]
    assert _policy.parse(None)["error"] is None


def test_the_holder_of_the_lock():
    locks = "1: FLOCK  ADVISORY  WRITE 77 08:01:41 0 EOF\n2: POSIX  ADVISORY  WRITE 4321 08:01:42 0 EOF\n"
    locks += "2: -> POSIX  ADVISORY  WRITE 99 08:01:43 0 EOF\n"
    assert _rivals.holder(locks, 42) == 4321
    assert _rivals.holder(locks, 43) is None


def test_the_lock_of_a_tree_has_no_holder_to_see(tree, section):
    facts = section(extension, tree({_rivals.LOCK: ""}))
    assert facts.missing["lock"] == "live"


def test_other_products_by_their_traces(tree):
    host = tree({"/etc/veeam/veeam.ini": "", "/usr/local/ASR/Vx/x": "", "/etc/waagent.conf": "x=y"})
    assert [product["name"] for product in _rivals.products(host)] == ["Azure Site Recovery", "Veeam"]


def test_scripts_with_owner_and_mode(tree, section, tmp_path):
    conf = {"preScriptLocation": "/etc/azure/pre.sh", "postScriptLocation": "/etc/azure/post.sh"}
    host = tree(
        {
            "/etc/azure/VMSnapshotScriptPluginConfig.json": json.dumps(dict(conf, continueBackupOnFailure=False)),
            "/etc/azure/pre.sh": "#!/bin/sh\n",
        }
    )
    (tmp_path / "etc/azure/pre.sh").chmod(0o755)
    scripts = section(extension, host)["scripts"]
    assert scripts["pre"]["mode"] == "755" and scripts["pre"]["exists"]
    assert scripts["post"]["exists"] is False and scripts["continue_on_failure"] is False
    assert scripts["host_conf"] is None


def test_scripts_whose_configuration_is_no_json(tree, section):
    facts = section(extension, tree({"/etc/azure/VMSnapshotScriptPluginConfig.json": "{"}))
    assert "no JSON" in facts["scripts"]["error"]


def test_a_database_is_configured(tree, section):
    facts = section(extension, tree({"/etc/azure/workload.conf": '[workload]\nworkload_name = "oracle"\n'}))
    assert facts["workload"]["name"] == "oracle"
    assert section(extension, Host("/nonexistent-root"))["workload"] is None


def test_an_empty_key_is_none(tree, section, files):
    assert section(extension, tree({**files, f"{LIB}/{THUMBPRINT}.prv": ""}))["certificate"]["prv"] is False
