# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the lab that need no guest and no rights."""

import io
import json
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest
from lab import Extension, Lab, LabError, image, inventory
from lab.fabric import Fabric, documents, extension
from lab.fabric.server import Book
from lab.hosts import Spec
from lab.locking import locked
from lab.proxylog import ProxyLog, ProxyRequest
from lab.settings import TESTS_DIR, Settings

ADDRESS = "10.77.1.7"


@pytest.mark.parametrize(
    "document",
    [
        documents.VERSIONS,
        documents.goal_state(ADDRESS, 5),
        documents.hosting_environment(ADDRESS, 5),
        documents.shared_config(ADDRESS, 5),
        documents.extensions_config(ADDRESS, 5, None),
        documents.extensions_config(ADDRESS, 5, {"state": "enabled", "behaviour": "stuck", "sequence": 2}),
        documents.manifest(),
        documents.manifest("1.0", "http://storage/package.zip"),
    ],
)
def test_documents_are_well_formed(document):
    ElementTree.fromstring(document.encode())


def test_extension_settings_in_the_goal_state_are_json():
    wanted = {"state": "enabled", "behaviour": "stuck", "sequence": 2}
    tree = ElementTree.fromstring(documents.extensions_config(ADDRESS, 5, wanted).encode())
    settings = tree.find("PluginSettings/Plugin/RuntimeSettings")
    handler = json.loads(settings.text)["runtimeSettings"][0]["handlerSettings"]
    assert settings.get("seqNo") == "2"
    assert handler["publicSettings"]["lab"] == {"behaviour": "stuck"}


def test_extension_package_has_the_layout_of_the_real_one():
    content = zipfile.ZipFile(io.BytesIO(extension.package()))
    manifest = json.loads(content.read("HandlerManifest.json"))[0]["handlerManifest"]
    launcher = content.getinfo(manifest["enableCommand"].partition(" ")[0])
    assert launcher.external_attr >> 16 & 0o111


def test_own_settings_override_those_for_everybody(tmp_path):
    fabric = Fabric(tmp_path)
    fabric.fail("wire", "comp=goalstate", 500)
    fabric.fail("imds", "", "reset", ADDRESS)
    fabric.set_extension(Extension())
    fabric.set_extension(Extension("disabled"), ADDRESS)

    book = Book(tmp_path, frozenset())
    own, other = book.settings_for(ADDRESS), book.settings_for("10.77.1.8")

    assert own["extension"]["state"] == "disabled" and other["extension"]["state"] == "enabled"
    assert [fault["listener"] for fault in own["faults"]] == ["imds", "wire"]
    assert [fault["listener"] for fault in other["faults"]] == ["wire"]
    fabric.heal()
    assert book.settings_for("10.77.1.8")["faults"] == []


def test_each_publication_is_a_newer_incarnation(tmp_path):
    fabric, book = Fabric(tmp_path), Book(tmp_path, frozenset())
    seen = [book.settings_for(ADDRESS)["incarnation"]]
    for address in (ADDRESS, ADDRESS, ADDRESS):
        fabric.publish(address)
        seen.append(book.settings_for(ADDRESS)["incarnation"])
    assert seen == sorted(set(seen))


def test_status_that_is_none_is_not_kept(tmp_path):
    book, fabric = Book(tmp_path, frozenset()), Fabric(tmp_path)
    book.keep_status(ADDRESS, b"no json")
    assert fabric.status(ADDRESS) is None
    book.keep_status(
        ADDRESS, b'{"aggregateStatus": {"handlerAggregateStatus": [{"handlerName": "x", "status": "Ready"}]}}'
    )
    assert fabric.handler_status(ADDRESS, "x")["status"] == "Ready"
    assert fabric.handler_status(ADDRESS, "y") is None


def test_proxy_log_joins_requests_with_their_guest(tmp_path):
    log = tmp_path / "proxy.log"
    log.write_text(
        "CONNECT   Nov 25 18:20:30.100 [9]: Connect (file descriptor 6): 10.77.1.1\n"
        "CONNECT   Nov 25 18:20:30.101 [9]: Request (file descriptor 6): GET http://a/ HTTP/1.1\n"
        "CONNECT   Nov 25 18:20:31.100 [9]: Connect (file descriptor 6): 10.77.1.2\n"
        "CONNECT   Nov 25 18:20:31.101 [9]: Request (file descriptor 6): CONNECT b:443 HTTP/1.1\n"
    )
    assert ProxyLog(log).requests("10.77.1.2") == [ProxyRequest("10.77.1.2", "CONNECT", "b:443")]
    assert len(ProxyLog(log).requests()) == 2
    assert ProxyLog(tmp_path / "none").requests() == []


def test_addresses_of_guests_are_distinct_beyond_one_octet():
    specs = [Spec(f"h{number}", number, "bookworm", "") for number in (1, 255, 256, 512)]
    assert [spec.address for spec in specs] == ["10.77.1.1", "10.77.1.255", "10.77.2.0", "10.77.3.0"]
    assert len({spec.mac for spec in specs}) == len(specs)


def test_changed_recipe_is_another_image(monkeypatch, tmp_path):
    settings = Settings("lab", tmp_path)
    before = image.path_of(settings, "bookworm")
    assert before == image.path_of(settings, "bookworm") != image.path_of(settings, "trixie")
    more = image.path_of(settings, "bookworm", ("dhcpcd",))
    assert more.name.startswith("bookworm+-") and more != before
    monkeypatch.setattr(image, "PACKAGES", (*image.PACKAGES, "another"))
    assert image.path_of(settings, "bookworm") != before


def test_unknown_release_and_bad_instance_are_refused():
    with pytest.raises(LabError, match="Cannot build 'sarge'"):
        image.path_of(Settings.from_environment("x"), "sarge")
    with pytest.raises(LabError, match="Cannot use instance 'a.b'"):
        Settings.from_environment("a.b")


def test_lock_can_be_removed_by_its_holder(tmp_path):
    path = tmp_path / "lock"
    with locked(path):
        path.unlink()
    with locked(path):
        assert path.exists()


def test_two_labs_share_no_ssh_connection(tmp_path):
    kept = {inventory.build(Lab(Settings(name, tmp_path)))["lab"]["vars"]["ansible_control_path_dir"] for name in "ab"}
    assert kept == {"/run/vmbackup-lab/a/ssh", "/run/vmbackup-lab/b/ssh"}


@pytest.mark.parametrize("words", [("host", "x"), ("ctl", "true"), ("check",)])
def test_a_lab_that_is_not_up_says_so_in_a_sentence(tmp_path, words):
    done = subprocess.run(
        [sys.executable, "-m", "lab", "--instance", "nothere", *words],
        cwd=TESTS_DIR,
        env={"VMBACKUP_LAB_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Cannot use the lab 'nothere': it is not up; start it with 'up'\n"
    assert not list(tmp_path.iterdir())
