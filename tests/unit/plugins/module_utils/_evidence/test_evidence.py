# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of a guest's files: the newest part, in bounded memory, and no secret of it."""

import base64
import bz2
import contextlib
import errno
import gzip
import json
import lzma
import os
import signal
import threading
import time
import tracemalloc
import zipfile

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import answer
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence import archive, places, source, work
from ansible_collections.vmbackup.azure.plugins.module_utils._evidence.redact import Redactor
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import agent, commands
from ansible_collections.vmbackup.azure.plugins.plugin_utils._evidence._archive import Archive
from masking_cases import CASES, is_left

SECRET = "Zq1vanillaSecret"
LINES_OF_SECRETS = [case for case in CASES if "secret" in case and case["as"] == "text"]


def redacted(*pieces):
    return "".join(Redactor().pieces(pieces))


@pytest.mark.parametrize("case", LINES_OF_SECRETS, ids=lambda case: str(case["text"]))
def test_what_the_masker_knows_is_taken_out(case):
    assert not is_left(case["secret"], redacted(f"2026-03-01 first\n{case['text']}\nlast\n"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"protectedSettings": "MIIB%sAAAA/BBBB=="}', "protected_settings"),
        ('x "protectedSettings": "MII\\/%sAAAABBBB==", "publicSettings": 1', "protected_settings"),
        ("<ProtectedSettings>MII%sAAAABBBB==</ProtectedSettings>", "protected_settings"),
        ("<ns1:CustomData>H4sI%sAAAABBBB==</ns1:CustomData>", "custom_data"),
        ('{"CustomData": "H4sI%sAAAABBBB=="}', "custom_data"),
        ('{"publicSettings": {"script": "H4sI%sAAAABBBB=="}}', "scripts"),
        ('x \\"script\\": \\"H4sI%sAAAABBBB==\\", more', "scripts"),
        ("-----BEGIN CERTIFICATE-----\nMII\n%s\n-----END CERTIFICATE-----", "certificates"),
        ("key -----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----", "private_keys"),
        ("GET https://a.blob.core.windows.net/c?sv=1&sig=%s", "sas_signatures"),
        ("http_proxy=http://svc:%s@10.0.0.1:3128", "credentials_in_addresses"),
        ("Authorization: Bearer %s", "tokens"),
        ("<UserPassword>%s</UserPassword>", "passwords"),
        ("AccountKey=%s", "keys"),
    ],
)
def test_each_kind_is_counted_under_its_name(text, kind):
    redactor = Redactor()
    found = "".join(redactor.pieces([text % SECRET + "\n"]))
    assert SECRET not in found and "***" in found
    assert redactor.take_counts()[0] == {kind: 1}
    assert redactor.take_counts() == ({}, 0)


def test_a_key_that_lies_in_two_pieces_is_taken_out():
    assert SECRET not in redacted("a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n", f"{SECRET}\n-----END x-----\nb\n")
    assert redacted("-----BEGIN PUBLIC KEY-----\nMII\n", "b\n").endswith("MII\nb\n")


def test_a_document_keeps_its_form_however_long_its_line_is():
    value = {"items": [{"n": n, "password": SECRET, "text": f'{{"protectedSettings":"{SECRET}"}}'} for n in range(500)]}
    found = redacted(json.dumps(value))
    assert SECRET not in found and [item["n"] for item in json.loads(found)["items"]] == list(range(500))


def test_a_long_line_of_xml_is_not_cut():
    found = redacted("<A>" + "<B>word</B>" * 1000 + f"<Password>{SECRET}</Password></A>\n")
    assert found.count("<B>word</B>") == 1000 and SECRET not in found


def test_what_begins_like_a_document_and_is_none_is_kept():
    assert redacted("{x\n", "y\n") == "{x\ny\n"
    lines = '{"a": 1}\n' * 600_000
    assert redacted(lines[:3_000_000], lines[3_000_000:]) == lines


def read(path, limit=1 << 20):
    with source.Source(str(path), limit, str(path.parent)) as opened:
        return "".join(opened.text())


def test_the_newest_part_begins_with_a_whole_line(tmp_path):
    log = tmp_path / "log"
    log.write_text("".join(f"line {n:06}\n" for n in range(100_000)))
    text = read(log, 1000)
    assert text.startswith("line ") and text.endswith("line 099999\n") and 900 < len(text) <= 1000
    assert read(log, 1 << 30) == log.read_text()


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_packed_logs_are_unpacked(tmp_path, suffix, pack):
    log = tmp_path / f"waagent.log.1{suffix}"
    log.write_bytes(pack(b"".join(b"line %06d\n" % n for n in range(50_000))))
    assert read(log, 1000).endswith("line 049999\n") and len(read(log, 1000)) <= 1000


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_wide_characters_hide_nothing(tmp_path, encoding):
    log = tmp_path / "log"
    log.write_bytes(f"a\nAccountKey={SECRET}\n".encode(encoding))
    assert SECRET in read(log) and SECRET not in redacted(read(log))


def test_zeros_of_a_power_failure_are_left_away(tmp_path):
    (tmp_path / "log").write_bytes(b"a\n" + b"\0" * 100_000 + b"b\n")
    assert read(tmp_path / "log") == "a\nb\n"


def test_a_line_without_an_end_costs_no_memory(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"x" * (40 << 20) + b"\nlast\n")
    tracemalloc.start()
    text = read(log, 1 << 30)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert text.endswith("last\n") and len(text) < 3 << 20 and peak < 16 << 20


def test_what_is_no_text_is_said_to_be_none(tmp_path):
    (tmp_path / "log").write_bytes(bytes(range(32)) * 100)
    with pytest.raises(source.Binary):
        read(tmp_path / "log")


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: os.symlink("/etc/passwd", path)])
def test_what_is_not_a_file_is_not_opened(tmp_path, make):
    make(tmp_path / "log")
    with pytest.raises(OSError):
        source.Source(str(tmp_path / "log"), 10, str(tmp_path))


@pytest.fixture
def guest(tmp_path, monkeypatch):
    """A folder whose logs are the guest's; gives what collecting them returns, and the archive's members."""
    logs = tmp_path / "logs"
    (logs / "azure").mkdir(parents=True)
    monkeypatch.setattr(places, "LOGS", (str(logs / "waagent.log*"), str(logs / "azure/**")))
    monkeypatch.setattr(places, "_settings", lambda _host: [str(logs / "*.conf")])
    monkeypatch.setattr(places, "SYSTEM_LOGS", (str(logs / "syslog*"),))
    monkeypatch.setattr(places, "SUPPORT_LOGS", (str(logs / "syslog*"), str(logs / "cloud-init*")))
    monkeypatch.setattr(archive.commands, "run", lambda _argv, _seconds: commands.Outcome(0, "", "", False))
    monkeypatch.setattr(work.os, "nice", lambda _by: None)

    def collect(apart=False, **options):
        given = {name: option.get("default") for name, option in work.OPTIONS.items()}
        given.update(directory=str(tmp_path / "evidence"), **options)

        def collected():
            return work.work(given, False)

        # What a process of its own did could not be measured here.
        made = answer.of(collected, "evidence_archive") if apart else collected()
        Archive(made["path"]).verify()
        with zipfile.ZipFile(made["path"]) as opened:
            members = {name: opened.read(name) for name in opened.namelist()}
        return made, members, json.loads(members["manifest.json"])

    collect.logs, collect.folder = logs, tmp_path / "evidence"
    return collect


def fill(path, size, days=0):
    path.write_bytes(b"0123456 waagent\n" * (size // 16))
    then = time.time() - 86400 * days
    os.utime(path, (then, then))


def kept(manifest):
    return [os.path.basename(entry["path"]) for entry in manifest["files"] if "path" in entry]


def left_out(manifest):
    return {os.path.basename(entry["path"]): entry["reason"] for entry in manifest["left_out"]}


def test_the_newest_are_kept_and_the_manifest_says_what_is_missing(guest):
    for number in range(5):
        fill(guest.logs / f"waagent.log.{number}", 1 << 20, number)
    fill(guest.logs / "old.conf", 100, 900)
    fill(guest.logs / "waagent.log.9", 100, 15)
    made, members, manifest = guest(max_mib=3, max_file_mib=2)
    assert kept(manifest) == ["old.conf", "waagent.log.0", "waagent.log.1", "waagent.log.2"]
    assert left_out(manifest) == {"waagent.log.3": "size", "waagent.log.4": "size", "waagent.log.9": "age"}
    assert made["manifest"]["left_out"] == {"size": 2, "age": 1}
    assert os.stat(made["path"]).st_mode & 0o777 == 0o600 and os.stat(guest.folder).st_mode & 0o777 == 0o700
    assert manifest["files"][-1]["first_byte"] > 0  # what was left of the room
    assert os.path.getsize(made["path"]) < 100_000, "3 MiB of one line again and again are packed"


def test_links_devices_and_files_of_keys_stay_out(guest, tmp_path):
    (guest.logs / "azure/link.log").symlink_to("/etc/passwd")
    (guest.logs / "azure/linked").symlink_to("/etc")
    os.mkfifo(guest.logs / "azure/fifo")
    (guest.logs / "azure/a.pem").write_text("x")
    (guest.logs / "azure/core").write_bytes(bytes(range(32)) * 100)
    (tmp_path / "shadow").write_text("root:$6$x")
    os.link(tmp_path / "shadow", guest.logs / "azure/hard.log")
    _made, members, manifest = guest()
    expected = {
        "link.log": "link",
        "linked": "link",
        "hard.log": "link",
        "fifo": "special",
        "a.pem": "secrets",
        "core": "not_text",
    }
    assert left_out(manifest) == expected and set(members) == {"manifest.json"}


def test_a_folder_that_becomes_a_link_is_not_followed(guest, tmp_path, monkeypatch):
    """Whoever owns a folder of logs can exchange it after it was listed."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root/a.log").write_text("root:$6$x")
    (guest.logs / "azure/Some.Extension").mkdir()
    (guest.logs / "azure/Some.Extension/a.log").write_text("x")
    listed = places.find

    def exchanged(*arguments):
        found = listed(*arguments)
        (guest.logs / "azure/Some.Extension").rename(guest.logs / "azure/old")
        (guest.logs / "azure/Some.Extension").symlink_to(tmp_path / "root")
        return found

    monkeypatch.setattr(places, "find", exchanged)
    _made, members, manifest = guest()
    assert left_out(manifest) == {"a.log": "unreadable: Not a directory"} and set(members) == {"manifest.json"}


def test_of_a_systems_log_only_what_is_relevant_unless_support_asks(guest):
    (guest.logs / "syslog").write_text("sshd: hello\nwaagent: hello\n")
    (guest.logs / "cloud-init.log").write_text("x\n")
    name = f"files{guest.logs}/syslog"
    _made, members, _manifest = guest()
    assert members[name] == b"waagent: hello\n" and f"files{guest.logs}/cloud-init.log" not in members
    _made, members, _manifest = guest(collect_for="support")
    assert members[name].startswith(b"sshd") and f"files{guest.logs}/cloud-init.log" in members


@pytest.mark.parametrize("redact", [True, False])
def test_secrets_are_there_only_when_they_are_asked_for(guest, redact):
    forms = (SECRET, base64.b64encode(f"AccountKey={SECRET}".encode()).decode())
    (guest.logs / "waagent.log").write_text("".join(f"AccountKey={form}\n{forms[1]}\n" for form in forms))
    _made, members, manifest = guest(redact=redact)
    everything = b"".join(members.values()).decode()
    assert [any(form in everything for form in forms), manifest["is_redacted"]] == [not redact, redact]


def test_of_a_long_journal_the_newest_lines_are_kept(guest, monkeypatch):
    newest_first = "".join(f"{number:06} waagent\n" for number in reversed(range(100_000)))
    monkeypatch.setattr(archive.commands, "run", lambda _argv, _seconds: commands.Outcome(0, newest_first, "", False))
    _made, members, manifest = guest(max_mib=3, max_file_mib=1)
    names = [name for name in members if name.startswith("journal/")]
    lines = members[names[0]].splitlines()
    assert lines == sorted(lines) and lines[-1] == b"099999 waagent" and 900_000 < len(members[names[0]]) <= 1 << 20
    assert sum(len(members[name]) for name in names) <= 3 << 20
    assert {entry["incomplete"] for entry in manifest["files"] if entry["name"] in names} == {"size"}


def test_time_is_bounded(guest, monkeypatch):
    for number in range(3):
        fill(guest.logs / f"waagent.log.{number}", 1 << 20)
    clock = iter(range(100_000))
    monkeypatch.setattr(archive.time, "monotonic", lambda: next(clock))
    _made, _members, manifest = guest(seconds=6)
    assert manifest["files"][-1]["incomplete"] == "time" and set(left_out(manifest).values()) == {"time"}


def test_a_disk_that_is_nearly_full_is_not_filled(guest, monkeypatch):
    fill(guest.logs / "waagent.log", 1 << 20)
    monkeypatch.setattr(archive, "KEPT_FREE", 1 << 60)
    with pytest.raises(ChangeError, match="Cannot write '.*': less than .* MiB are free there"):
        guest()
    assert os.listdir(guest.folder) == []


def test_what_a_killed_run_left_goes_and_what_nobody_fetched_goes_after_a_day(guest):
    first = guest()[0]["path"]
    os.close(os.open(first + ".part", os.O_CREAT))
    second = guest()[0]["path"]
    assert sorted(os.listdir(guest.folder)) == sorted(map(os.path.basename, (first, second)))
    os.utime(first, (0, 0))
    guest()
    assert os.path.basename(first) not in os.listdir(guest.folder)


def test_a_directory_that_others_write_to_is_refused(guest):
    guest.folder.mkdir(mode=0o777)
    guest.folder.chmod(0o777)
    with pytest.raises(ChangeError, match="others may write into it"):
        guest()


def test_an_archive_is_found_and_removed_by_its_name(guest):
    made = guest()[0]
    given = {name: option.get("default") for name, option in work.OPTIONS.items()}
    given.update(directory=str(guest.folder), name=made["name"])
    assert work.work(given, False)["sha256"] == made["sha256"]
    assert work.work({**given, "state": "absent"}, True)["changed"] and os.path.exists(made["path"])
    assert work.work({**given, "state": "absent"}, False)["changed"] and not guest.folder.exists()
    assert work.work(given, False)["path"] is None
    with pytest.raises(ChangeError, match="that is not the name of one"):
        work.work({**given, "name": "../x"}, False)


def test_memory_stays_bounded_over_large_logs(guest):
    with open(guest.logs / "waagent.log", "wb") as log:
        log.truncate(5 << 30)
        log.seek(0, os.SEEK_END)
        log.write(b"\nlast waagent line\n" + b"0123456789 waagent\n" * 300_000)
    tracemalloc.start()
    _made, members, manifest = guest(max_file_mib=4)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert manifest["files"][0]["bytes"] > 5 << 30 and manifest["files"][0]["size"] > 3 << 20
    assert peak - len(members[manifest["files"][0]["name"]]) < 40 << 20


def test_a_listing_is_bounded(guest, monkeypatch):
    for number in range(20):
        (guest.logs / f"azure/{number}.log").write_text("x\n")
    monkeypatch.setattr(places, "MAX_ENTRIES", 10)
    _made, _members, manifest = guest()
    assert manifest["is_listing_cut"] and len(manifest["files"]) < 10


def test_patterns_find_what_lies_in_folders_of_any_name(tmp_path):
    (tmp_path / "a-1/config").mkdir(parents=True)
    (tmp_path / "a-1/config/0.settings").write_text("x")
    found = places._Walk().matching(f"{tmp_path}/*/config/*.settings")
    assert [path for path, _info in found] == [f"{tmp_path}/a-1/config/0.settings"]


def test_a_folder_that_hangs_whoever_lists_it_is_left_out(guest, monkeypatch):
    fill(guest.logs / "waagent.log", 1000)
    hangs, real, woken = str(guest.logs / "azure"), os.scandir, threading.Event()

    def scandir(path):
        if path == hangs:
            woken.wait(30)
        return real(path)

    monkeypatch.setattr(places.os, "scandir", scandir)
    monkeypatch.setattr(places, "ANSWER_SECONDS", 3)
    made, _members, manifest = guest(apart=True)
    woken.set()
    assert kept(manifest) == ["waagent.log"]
    assert left_out(manifest) == {"azure": "no_answer"} and made["manifest"]["left_out"] == {"no_answer": 1}


def test_a_file_that_hangs_for_good_ends_the_collection(guest, monkeypatch):
    fill(guest.logs / "waagent.log", 1000)
    monkeypatch.setattr(archive, "Source", lambda *_given: signal.pause())
    monkeypatch.setattr(work, "MORE_SECONDS", 1 - answer.SILENT_SECONDS)
    with pytest.raises(ChangeError, match="^Cannot run 'evidence_archive': no answer within 2 s: "):
        guest(apart=True, seconds=1)


def test_a_collection_with_documents_may_take_all_its_seconds(guest, tmp_path, monkeypatch):
    (tmp_path / "documents.json").write_text('{"about": {}}')
    real = archive.fill

    def fill_late(*given):
        (tmp_path / "left").write_text(str(answer._board.left()))
        return real(*given)

    monkeypatch.setattr(archive, "fill", fill_late)
    _made, members, _manifest = guest(apart=True, documents=str(tmp_path / "documents.json"))
    assert json.loads(members["about.json"]) == {}
    assert float((tmp_path / "left").read_text()) > 300


def test_what_fails_apart_is_said(guest):
    guest.folder.mkdir(mode=0o777)
    guest.folder.chmod(0o777)
    with pytest.raises(ChangeError, match=f"^Cannot use '{guest.folder}': others may write into it$"):
        guest(apart=True)


def test_names_are_unique_and_read_alike_everywhere(guest):
    (guest.logs / "waagent.log.1").write_text("plain\n")
    (guest.logs / "waagent.log.1.gz").write_bytes(gzip.compress(b"packed\n"))
    for name in (b"a\\b.log", b"a_b.log", b"a\x01b.log", b"\xe9t\xe9.log", b"\xe8t\xe8.log", b".gz"):
        with open(os.path.join(os.fsencode(guest.logs / "azure"), name), "wb") as file:
            file.write(name)
    _made, members, manifest = guest(redact=False)
    found = {name.rpartition("/")[2]: text for name, text in members.items() if name.startswith("files/")}
    assert {found["waagent.log.1"], found["waagent.log.1~2"]} == {b"plain\n", b"packed\n"}
    assert {found[name] for name in ("a_b.log", "a_b.log~2", "a_b.log~3")} == {b"a\\b.log", b"a_b.log", b"a\x01b.log"}
    assert {found[name] for name in ("\ufffdt\ufffd.log", "\ufffdt\ufffd.log~2")} == {
        b"\xe9t\xe9.log",
        b"\xe8t\xe8.log",
    }
    assert found[".gz"] == b".gz" and "a\x01b.log" in kept(manifest)


def test_a_manifest_never_becomes_too_long(guest, monkeypatch):
    for number in range(20):
        fill(guest.logs / f"azure/{number}.log", 16, number / 86400)
    monkeypatch.setattr(archive, "LISTED_BYTES", 2000)
    _made, _members, manifest = guest()
    assert "19.log" not in kept(manifest) and left_out(manifest)["19.log"] == "number"
    assert len(kept(manifest)) + len(left_out(manifest)) == 20


def test_a_file_that_no_reader_is_prepared_for_costs_only_itself(guest, monkeypatch):
    fill(guest.logs / "waagent.log.0", 32, 1)
    fill(guest.logs / "waagent.log.1", 32, 2)
    real = source.Source.bytes

    def bytes_of(opened):
        if opened.size == 16:
            raise MemoryError
        return real(opened)

    fill(guest.logs / "waagent.log", 16)
    monkeypatch.setattr(source.Source, "bytes", bytes_of)
    _made, _members, manifest = guest()
    assert left_out(manifest) == {"waagent.log": "unreadable: MemoryError"} and len(kept(manifest)) == 2


def test_a_document_that_is_nested_too_deeply_is_masked_as_text(guest):
    (guest.logs / "a.conf").write_text("[" * 500 + f'"AccountKey={SECRET}"' + "]" * 500)
    fill(guest.logs / "waagent.log", 16)
    _made, members, manifest = guest()
    assert kept(manifest) == ["a.conf", "waagent.log"]
    found = members[f"files{guest.logs}/a.conf"].decode()
    assert found.startswith("[[[") and SECRET not in found and "AccountKey=***" in found


@pytest.mark.parametrize(
    "text", [json.dumps(["Ждать " * 50] * 1000, ensure_ascii=False), "[" * 100 + "[]," * 50_000 + "[]" + "]" * 100]
)
def test_a_document_does_not_grow(text):
    assert len(redacted(text).encode()) < 1.5 * len(text.encode())


def test_what_grows_all_the_same_is_cut_at_the_limit(guest, monkeypatch):
    fill(guest.logs / "waagent.log", 1 << 20)
    monkeypatch.setattr(archive.Redactor, "pieces", lambda _self, texts: (text * 4 for text in texts))
    _made, _members, manifest = guest(max_mib=1)
    assert manifest["files"][0]["incomplete"] == "size" and manifest["files"][0]["size"] < 2 << 20


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (commands.Outcome(None, "", "", False), "time"),
        (commands.Outcome(1, "", "Failed", False), "unreadable: status 1"),
        (PermissionError(errno.EACCES, "Permission denied"), "unreadable: Permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (commands.Outcome(0, "", "", False), None),
        (commands.Outcome(0, "x" * (2 << 20) + "\n", "", False), "size"),
    ],
)
def test_a_journal_that_cannot_be_had_is_listed(guest, monkeypatch, outcome, reason):
    def run(_argv, _seconds):
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    monkeypatch.setattr(archive.commands, "run", run)
    _made, _members, manifest = guest(max_file_mib=1)
    names = [f"journal/{unit}.log" for unit in agent.UNITS] if reason else []
    assert [(entry["path"], entry["reason"]) for entry in manifest["left_out"]] == [(name, reason) for name in names]


def test_of_a_journal_that_takes_too_long_the_newest_lines_are_kept(guest, monkeypatch):
    late = commands.Outcome(None, "newest\nolder\nhal", "", False)
    monkeypatch.setattr(archive.commands, "run", lambda _argv, _seconds: late)
    _made, members, manifest = guest()
    assert {text for name, text in members.items() if name.startswith("journal/")} == {b"older\nnewest\n"}
    assert {entry["incomplete"] for entry in manifest["files"]} == {"time"}


class Entry:
    """One of a directory, that cannot be looked at."""

    def __init__(self, real, error):
        self.name, self.path, self.error = real.name, real.path, error

    def is_dir(self, follow_symlinks):
        raise self.error


@pytest.fixture
def broken(monkeypatch):
    """Names of entries, and the error of looking at them."""
    errors, real = {}, os.scandir

    @contextlib.contextmanager
    def scandir(path):
        with real(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
            yield iter([Entry(entry, errors[entry.name]) if entry.name in errors else entry for entry in listed])

    monkeypatch.setattr(places.os, "scandir", scandir)
    return errors


def test_a_file_that_goes_while_its_directory_is_listed_hides_no_other(guest, broken):
    for number in range(3):
        fill(guest.logs / f"azure/{number}.log", 16)
    broken["0.log"] = FileNotFoundError(errno.ENOENT, "gone")
    _made, _members, manifest = guest()
    assert sorted(kept(manifest)) == ["1.log", "2.log"] and left_out(manifest) == {}


def test_a_damaged_file_hides_no_other_and_is_left_out_with_the_reason(guest, broken):
    (guest.logs / "azure/extension").mkdir()
    for name in ("azure/0.log", "azure/1.log", "azure/extension/2.log", "waagent.log", "waagent.log.1", "syslog"):
        fill(guest.logs / name, 16)
    broken["0.log"] = broken["waagent.log.1"] = OSError(errno.EUCLEAN, "Structure needs cleaning")
    _made, _members, manifest = guest()
    assert sorted(kept(manifest)) == ["1.log", "2.log", "syslog", "waagent.log"]
    assert left_out(manifest) == dict.fromkeys(broken, "unreadable: Structure needs cleaning")


def test_a_directory_that_cannot_be_listed_is_left_out_with_the_reason(guest, monkeypatch):
    real = os.scandir

    def scandir(path):
        if path == str(guest.logs / "azure"):
            raise OSError(errno.EIO, "Input/output error")
        return real(path)

    monkeypatch.setattr(places.os, "scandir", scandir)
    _made, _members, manifest = guest()
    assert left_out(manifest) == {"azure": "unreadable: Input/output error"}
