# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy's port in the firewalls of Linux, their programs played by tables; booted guests have the real ones."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import commands, firewalls, restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import proxy_firewall_rule

NONE = commands.Result(127, "", "No such file or directory")
ROUTE = "1.1.1.1 dev eth0 src 10.0.0.4"


def chain(name="input", family="inet", table="filter", policy="drop", hook="input"):
    return {"chain": {"family": family, "table": table, "name": name, "hook": hook, "type": "filter", "policy": policy}}


class Machine:
    """The programs of a host with one firewall; ``asked`` are the commands that changed something."""

    def __init__(self, kind=None, chains=(), rules=(), file=None, zone="public"):
        self.kind, self.chains, self.file, self.zone = kind, list(chains), file, zone
        self.rules, self.asked, self.refuses, self.mute = set(rules), [], False, False

    def run(self, argv, timeout=20):
        program = {"firewall-cmd": "firewalld", "ufw": "ufw", "nft": "nftables"}.get(argv[0])
        if argv[0] in ("ip", "systemctl"):
            return getattr(self, argv[0])(argv)
        return getattr(self, program)(argv[1:]) if program == self.kind else NONE

    def ip(self, _argv):
        return commands.Result(0, ROUTE, "")

    def systemctl(self, argv):
        if self.file is None:
            return commands.Result(1, "disabled", "")
        return commands.Result(0, f"{{ path=/usr/sbin/nft ; argv[]=/usr/sbin/nft -f {self.file} ; ignore=no }}", "")

    def _change(self, name, there):
        if self.refuses:
            return commands.Result(2, "", "refused")
        self.asked.append((name, there))
        (self.rules.add if there else self.rules.discard)(name)
        return commands.Result(0, "success", "")

    def firewalld(self, words):
        if words == ["--state"]:
            return commands.Result(0, "running", "")
        if words[0].startswith("--get-zone"):
            return commands.Result(0, self.zone, "") if self.zone else commands.Result(2, "no zone", "")
        if words == ["--get-default-zone"]:
            return commands.Result(0, "trusted\n", "")
        verb, _equals, rule = words[-1].partition("-rich-rule=")
        name = (*words[:-1], rule)
        if verb == "--query":
            return commands.Result(0 if name in self.rules else 1, "", "")
        return self._change(name, verb == "--add")

    def ufw(self, words):
        if words == ["status"]:
            return commands.Result(0, "Status: active\n", "")
        if words == ["show", "added"]:
            return commands.Result(0, "Added user rules:\n" + "".join(f"{rule}\n" for rule in sorted(self.rules)), "")
        there = words[0] != "delete"
        plain = words[: words.index("comment")] if there else words[1:]
        comment = " comment 'vmbackup.azure'" if there else ""
        source, port = plain[plain.index("from") + 1], plain[-1]
        text = f"ufw allow from {source} to any port {port} proto tcp"
        return self._change(text + comment, True) if there else self._forget(text)

    def _forget(self, text):
        for rule in [rule for rule in self.rules if rule.startswith(text)]:
            self._change(rule, False)
        return commands.Result(0, "", "")

    def nftables(self, words):
        if words == ["--version"]:
            return commands.Result(0, "nftables v1.0.6", "")
        if words[:3] == ["-j", "-a", "list"]:
            if self.mute:
                return commands.Result(1, "", "JSON support not compiled-in")
            if words[3] == "chains":
                return commands.Result(0, json.dumps({"nftables": [{"metainfo": {}}, *self.chains]}), "")
            place = " ".join(words[4:])
            rules = [
                {"rule": {"handle": number, "comment": comment}}
                for number, (where, comment) in enumerate(sorted(self.rules))
                if where == place
            ]
            return commands.Result(0, json.dumps({"nftables": rules}), "")
        if words[:2] == ["-c", "-f"]:
            return commands.Result(1 if self.refuses else 0, "", "syntax error")
        if words[0] == "delete":
            place, handle = " ".join(words[2:5]), int(words[-1])
            return self._change(sorted(self.rules)[handle], False) if place else NONE
        _insert, _rule, *place = words[0].split(" ")[:5]
        return self._change((" ".join(place), words[0].partition('comment "')[2][:-1]), True)


@pytest.fixture
def call(tmp_path, monkeypatch):
    context = {"journal_dir": str(tmp_path / "journal"), "run_id": "run"}

    def with_programs(machine):
        for kind in firewalls.FIREWALLS.values():
            monkeypatch.setattr(kind.__init__, "__defaults__", (machine.run,))
        monkeypatch.setattr(firewalls.find, "__defaults__", (machine.run,))

    def work(machine, sources=("10.0.0.4/24",), check=False, **options):
        with_programs(machine)
        params = {"port": 3128, "remote_addresses": list(sources), "state": "present", **options}
        return proxy_firewall_rule.work(params, transaction.Context("proxy_firewall_rule", check, **context))

    def undo(machine):
        with_programs(machine)
        return restore.work({"run_id": "run"}, transaction.Context("journal_restore", False, **context))

    work.undo = undo
    return work


INET, IP, IP6 = chain(), chain(family="ip", table="a"), chain(family="ip6", table="b")
MACHINES = {
    "firewalld": lambda _file: Machine("firewalld"),
    "ufw": lambda _file: Machine(
        "ufw", rules=["ufw allow 22/tcp", "ufw allow from 10.0.0.0/24 to any port 80 proto tcp"]
    ),
    "nftables": lambda file: Machine("nftables", [INET, IP, IP6], file=file),
}


@pytest.mark.parametrize("kind", MACHINES)
def test_added_once_and_taken_back(call, tmp_path, kind):
    file = tmp_path / "nftables.conf"
    file.write_bytes(b"flush ruleset\n# the end")
    machine = MACHINES[kind](file)
    before, data = set(machine.rules), file.read_bytes()
    preview = call(machine, check=True)
    assert (machine.rules, file.read_bytes()) == (before, data)
    done = call(machine)
    assert done["firewall"] == kind and done["changed"]
    assert {name: preview[name] for name in ("before", "after", "diff")} == {
        n: done[n] for n in ("before", "after", "diff")
    }
    assert machine.rules > before
    asked = len(machine.asked)
    assert not call(machine)["changed"] and len(machine.asked) == asked
    assert call.undo(machine)["changed"]
    assert (machine.rules, file.read_bytes()) == (before, data)


def test_one_network_in_several_words_is_one_rule(call):
    machine = Machine("ufw")
    assert list(call(machine, ["10.0.0.9/24", "10.0.0.0/255.255.255.0"])["after"]) == ["10.0.0.0/24"]
    assert list(call(machine, ["10.0.0.9/32"])["after"]) == ["10.0.0.9"]


def test_a_rule_that_was_there_stays_when_the_run_is_undone(call):
    mine = "ufw allow from 10.0.0.0/24 to any port 3128 proto tcp"
    machine = Machine("ufw", rules=[mine])
    done = call(machine, ["10.0.0.0/24", "10.1.0.0/24"])
    assert done["before"] == {
        "10.0.0.0/24": {"now": True, "boot": True},
        "10.1.0.0/24": {"now": False, "boot": False},
    }
    call.undo(machine)
    assert machine.rules == {mine}


def test_removed(call):
    machine = Machine("firewalld")
    call(machine)
    assert call(machine, state="absent")["changed"] and machine.rules == set()
    assert not call(machine, state="absent")["changed"]


def test_a_host_without_firewall_is_left(call):
    for machine in (
        Machine(),
        Machine("nftables", [chain(policy="accept")]),
        Machine("nftables", [chain(hook="output")]),
    ):
        done = call(machine)
        assert (done["firewall"], done["changed"], machine.asked) == (None, False, [])


def test_a_chain_that_drops_by_its_last_rule_counts(call, tmp_path):
    machine = Machine("nftables", [chain(policy="accept")], rules=[("inet filter input", "reject the rest")])
    done = call(machine)
    assert done["changed"] and "gone after a boot" in done["warnings"][0]


def test_each_chain_of_the_family_gets_the_rule(call):
    machine = Machine("nftables", [INET, IP, IP6])
    assert set(call(machine, ["10.0.0.0/24"])["after"]) == {"inet filter input 10.0.0.0/24", "ip a input 10.0.0.0/24"}
    assert set(call(machine, ["fd00::/64"])["after"]) == {"inet filter input fd00::/64", "ip6 b input fd00::/64"}
    assert firewalls.Nftables().line({"port": 3128, "source": "fd00::/64", "place": "inet filter input"}) == (
        "insert rule inet filter input ip6 saddr fd00::/64 tcp dport 3128 accept"
        ' comment "vmbackup.azure: TCP 3128 from fd00::/64"'
    )


def test_the_default_zone_where_the_interface_has_none(call):
    assert list(call(Machine("firewalld", zone=""))["after"]) == ["trusted 10.0.0.0/24"]


@pytest.mark.parametrize(
    ("machine", "sources", "said"),
    [
        (Machine("nftables", [chain("INPUT", "ip")]), ["10.0.0.0/24"], "the rules are those of iptables"),
        (Machine("ufw"), ["10.0.0.0/33"], "Cannot allow '10.0.0.0/33'"),
        (Machine("ufw"), ["any"], "Cannot allow 'any'"),
        (Machine("ufw"), [], "no address or network is given"),
        (Machine("ufw"), ["10.0.0.0/24; reboot"], "Cannot allow"),
    ],
)
def test_what_cannot_be_done_is_refused(call, machine, sources, said):
    with pytest.raises(ChangeError, match=said.replace("(", r"\(")):
        call(machine, sources)
    assert machine.asked == []


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_is_a_port(call, port):
    with pytest.raises(ChangeError, match="give 1 to 65535"):
        call(Machine("ufw"), port=port)


def test_a_file_that_the_program_refuses_is_not_written(call, tmp_path):
    file = tmp_path / "nftables.conf"
    file.write_bytes(b"broken {\n")
    machine = Machine("nftables", [INET], file=file)
    machine.refuses = True
    with pytest.raises(ChangeError, match="syntax error"):
        call(machine)
    assert (file.read_bytes(), machine.asked) == (b"broken {\n", [])


def test_a_refusal_is_an_error_and_no_change(call):
    machine = Machine("firewalld")
    machine.refuses = True
    with pytest.raises(ChangeError, match="refused") as raised:
        call(machine)
    assert raised.value.facts["changed"] is False


def test_a_program_that_cannot_say_its_rules_is_no_open_host(call):
    machine = Machine("nftables", [INET])
    machine.mute = True
    with pytest.raises(ChangeError, match="JSON support not compiled-in"):
        call(machine)


def test_an_answer_that_is_not_json_is_an_error(call):
    machine = Machine("nftables", [INET])
    machine.nftables = lambda _words: commands.Result(0, "{", "")
    with pytest.raises(ChangeError, match="not JSON"):
        call(machine)
