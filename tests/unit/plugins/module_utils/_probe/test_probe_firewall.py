# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _firewall, _firewall_rules

WIRE = "168.63.129.16"
# As nft 1.0.6 prints it.
NFT = """\
table ip walinuxagent {
    chain output {
        type filter hook output priority filter; policy accept;
        ip daddr 168.63.129.16 tcp dport != 53 meta skuid != 0 ct state invalid,new counter packets 0 bytes 0 drop
    }
}
table inet filter {
    set bad {
        type ipv4_addr
        flags interval
        elements = { 10.0.0.0/8, 168.63.129.16 }
    }

    chain mine {
        ip daddr @bad tcp dport { 8000, 443, 32000-33000 } counter packets 0 bytes 0 reject with icmp admin-prohibited
        return
    }

    chain output {
        type filter hook output priority filter + 10; policy accept;
        oifname "lo" accept
        ct state established,related accept
        meta skuid 1000 drop
        meta l4proto udp drop
        jump mine
        ip daddr 1.2.3.4 tcp dport 80-90 drop comment "drop me"
    }
}
""".replace("    ", "\t")
AGENT = """\
*security
:OUTPUT ACCEPT [0:0]
-A OUTPUT -d 168.63.129.16/32 -p tcp -m tcp --dport 53 -j ACCEPT
-A OUTPUT -d 168.63.129.16/32 -p tcp -m owner --uid-owner 0 -j ACCEPT
-A OUTPUT -d 168.63.129.16/32 -p tcp -m conntrack --ctstate INVALID,NEW -j DROP
COMMIT
"""


def nft(text, port=80):
    return _firewall.blocking(_firewall_rules.from_nft(text), _firewall.Packet(WIRE, port, "eth0"))


def iptables(rules, port=80, policy="ACCEPT"):
    head = f"*filter\n:OUTPUT {policy} [0:0]\n:own - [0:0]\n"
    text = rules if rules.startswith("*") else head + rules + "\nCOMMIT\n"
    return _firewall.blocking(_firewall_rules.from_iptables(text), _firewall.Packet(WIRE, port, "eth0"))


def output(rules, policy="accept", hook="filter"):
    base = f"type {hook} hook output priority 0; policy {policy};"
    return f"table inet f {{\n\tchain o {{\n\t\t{base}\n\t\t{rules}\n\t}}\n}}\n"


def test_the_agents_own_rules_let_root_pass():
    assert nft(NFT) is None
    assert iptables(AGENT) is None and iptables(AGENT, 32526) is None


def test_the_agents_table_without_its_rule_for_root_stops_root():
    text = "\n".join(line for line in AGENT.splitlines() if "uid-owner" not in line)
    answer = iptables(text)
    assert (answer.verdict, answer.certain) == ("drop", True)
    assert answer.as_dict(_firewall.Packet(WIRE, 80))["agents_own_table"] is True


def test_sets_ranges_and_jumps():
    answer = nft(NFT, 32526)
    assert (answer.verdict, str(answer.chain), answer.certain) == ("reject", "inet filter mine", True)


@pytest.mark.parametrize(
    ("rule", "verdict", "certain"),
    [
        ("ip daddr 168.63.129.16 tcp dport 80 counter packets 1 bytes 60 drop", "drop", True),
        ("ip daddr 168.63.0.0/16 drop", "drop", True),
        ("ip daddr != 168.63.129.16 drop", None, None),
        ("ip daddr { 1.1.1.1, 168.63.129.16 } reject", "reject", True),
        ("ip daddr @unknown drop", "drop", False),
        ("tcp dport 32526 drop", None, None),
        ("ip6 daddr ::1 drop", None, None),
        ("meta mark 0x1 drop", "drop", False),
        ("limit rate over 5/second drop", "drop", False),
        ("meta skuid 0 drop", "drop", True),
        ('oifname "eth1" drop', None, None),
        ('oifname "eth*" drop', "drop", True),
        ("ct state invalid drop", None, None),
        ('log prefix "drop " level warn', None, None),
        ("tcp sport 22 drop", None, None),
        ("tcp flags { syn, fin } drop", "drop", False),
    ],
)
def test_single_rules_of_nft(rule, verdict, certain):
    answer = nft(output(rule))
    assert (answer and answer.verdict, answer and answer.certain) == (verdict, certain)


@pytest.mark.parametrize(
    ("rule", "policy", "answer"),
    [
        ("# xt_owner counter packets 8531 bytes 8223657 accept", "drop", ("drop", False)),
        ("meta l4proto tcp # xt_conntrack counter packets 1 bytes 60 accept", "drop", ("drop", False)),
        ("# match-set bad dst,dst counter packets 0 bytes 0 drop", "accept", ("drop", False)),
        ("ct state new # recent: UPDATE seconds: 60 name: SSH side: source jump own", "accept", ("drop", False)),
        ("ip daddr 1.2.3.4 # xt_owner accept", "drop", ("drop", True)),
    ],
)
def test_matches_of_iptables_that_nft_cannot_translate(rule, policy, answer):
    text = "# Warning: table ip filter is managed by iptables-nft, do not touch!\n" + output(rule, policy)
    found = nft(text.replace("\tchain o {", "\tchain own {\n\t\tcounter packets 0 bytes 0 drop\n\t}\n\n\tchain o {"))
    assert (found.verdict, found.certain) == answer


@pytest.mark.parametrize(
    ("rules", "policy", "answer"),
    [
        ("ct state new jump { tcp dport { 80, 443 } accept; }", "drop", ("drop", False)),
        ("ct state new goto {\n\t\t\tip daddr 168.63.129.16 drop\n\t\t}\n\t\tdrop", "accept", ("drop", False)),
        ("jump {\n\t\t\ttcp dport 22 drop\n\t\t}\n\t\ttcp dport 22 drop", "accept", None),
        ("ct state established jump { accept; }", "drop", ("drop", True)),
        ("ct state vmap @unknown", "drop", ("drop", False)),
        ("ip daddr { 1.1.1.1, { 168.63.129.16, 2.2.2.2 }, 3.3.3.3 } accept", "drop", None),
        ("jump", "drop", ("drop", True)),
    ],
)
def test_a_chain_without_a_name_is_a_doubt(rules, policy, answer):
    found = nft(output(rules, policy))
    assert (found and (found.verdict, found.certain)) == answer


@pytest.mark.parametrize(
    "text",
    [
        output("tcp_flags drop"),
        output("ip daddr 10.0.0.0/\u00b2 drop"),
        output("tcp dport 1-" + "9" * 5000 + " drop"),
        output("drop").replace("priority 0", "priority filter 0 x"),
        output("drop").replace("priority 0;", "priority \u00b2;"),
        "*filter\n:OUTPUT\n-A \n-A OUTPUT -j DROP\n",
        "*filter\n-A OUTPUT -p tcp --dport \u00b2:80 -j DROP\n",
    ],
)
def test_odd_lines_are_no_errors(text):
    for ruleset in (_firewall_rules.from_nft(text), _firewall_rules.from_iptables(text)):
        _firewall.blocking(ruleset, _firewall.Packet(WIRE, 80, "eth0"))


@pytest.mark.parametrize("place", ["\u00b2", "9" * 5000])
def test_an_odd_place_of_a_rule(place):
    ruleset = _firewall_rules.Ruleset()
    assert _firewall_rules.from_command(["iptables", "-I", "OUTPUT", place, "-j", "DROP"], ruleset)
    assert _firewall.blocking(ruleset, _firewall.Packet(WIRE, 80, "eth0")).verdict == "drop"


@pytest.mark.parametrize(
    ("priority", "number"),
    [("filter", 0), ("filter + 10", 10), ("mangle - 5", -155), ("-300", -300), ("security", 50), ("0", 0)],
)
def test_priorities_of_nft(priority, number):
    ruleset = _firewall_rules.from_nft(output("drop").replace("priority 0", f"priority {priority}"))
    assert [chain.priority for chain in ruleset.base_chains("output")] == [number]


def test_a_policy_of_drop_needs_an_accept():
    assert nft(output("tcp dport 80 accept", "drop")) is None
    answer = nft(output("tcp dport 80 accept", "drop"), 32526)
    assert answer.as_dict(_firewall.Packet(WIRE, 32526))["rule"] == "policy drop"
    assert nft(output("meta mark 1 accept", "drop")).verdict == "drop"


def test_a_doubtful_rule_loses_against_a_certain_one():
    assert nft(output("meta mark 1 drop\n\t\ttcp dport 80 drop")).certain is True


MAP = """\
table inet egress {
    map peers {
        type ipv4_addr : verdict
        flags interval
        elements = { 10.9.0.0/16 : accept,
                     168.63.129.0/24 : %s }
    }

    chain out {
        type filter hook output priority 10; policy accept;
        ip daddr vmap @peers
    }
}
"""


@pytest.mark.parametrize(("verdict", "stopped"), [("drop", "drop"), ("accept", None)])
def test_a_named_map_of_verdicts(verdict, stopped):
    answer = nft(MAP % verdict)
    assert (answer and answer.verdict, answer is None or answer.certain) == (stopped, True)


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("-A POSTROUTING -d 168.63.0.0/16 -o eth0 -j SNAT --to-source 10.200.0.9", "snat"),
        ("-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.4", None),
        ("-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.1-10.0.0.9:1024-65535", None),
        ("-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE", None),
        ("-A POSTROUTING -p udp -j SNAT --to-source 10.200.0.9", None),
    ],
)
def test_another_source_address(rule, verdict):
    ruleset = _firewall_rules.from_iptables(f"*nat\n:POSTROUTING ACCEPT [0:0]\n{rule}\nCOMMIT\n")
    answer = _firewall.blocking(ruleset, _firewall.Packet(WIRE, 80, "eth0", "10.0.0.4"))
    assert (answer and answer.verdict, answer is None or answer.certain) == (verdict, True)


def test_another_source_address_in_nft():
    rules = output("ip daddr 168.63.129.16 snat to 10.200.0.9").replace("hook output", "hook postrouting")
    assert _firewall.blocking(_firewall_rules.from_nft(rules), _firewall.Packet(WIRE, 80)).verdict == "snat"


def test_redirection_to_a_local_proxy():
    assert nft(output("tcp dport 80 redirect to :3128", hook="nat")).verdict == "redirect"


@pytest.mark.parametrize(
    ("rules", "verdict", "certain"),
    [
        ("-A OUTPUT -d 168.63.129.16/32 -p tcp -m tcp --dport 80 -j DROP", "drop", True),
        ("-A OUTPUT -d 168.63.129.16/32 -p udp -j DROP", None, None),
        ("-A OUTPUT ! -d 10.0.0.0/8 -j REJECT --reject-with icmp-port-unreachable", "reject", True),
        ("-A OUTPUT -p tcp -m multiport --dports 443,80:90 -j DROP", "drop", True),
        ("-A OUTPUT -p tcp -m set --match-set x dst -j DROP", "drop", False),
        ("-A OUTPUT -p tcp -m connlimit --connlimit-above 0 --connlimit-saddr -j REJECT", "reject", False),
        ("-A OUTPUT -p tcp -m socket --nowildcard ! -d 10.0.0.0/8 -j DROP", "drop", False),
        ('-A OUTPUT -m comment --comment "-j DROP" -j ACCEPT\n-A OUTPUT -j DROP', None, None),
        ("-A OUTPUT -j own\n-A own -o lo -j ACCEPT\n-A own -p tcp -j DROP", "drop", True),
        ("-A OUTPUT -j own\n-A own -j RETURN\n-A own -j DROP", None, None),
        (
            "-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A OUTPUT -j LOG\n-A OUTPUT -j DROP",
            "drop",
            True,
        ),
        ("-A INPUT -j DROP", None, None),
        ("-A OUTPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", "drop", True),
        ("-A OUTPUT -p tcp -m tcp --tcp-flags SYN,FIN SYN,FIN -j DROP", None, None),
        ("-A OUTPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", None, None),
        ("-A OUTPUT -p tcp -m tcp --tcp-flags ALL NONE -j DROP", None, None),
        ("-A OUTPUT -p tcp -m tcp --sport 22 -j DROP", None, None),
        ("-A OUTPUT -p tcp -m multiport --sports 1024:65535 -j DROP", "drop", True),
        (
            "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 168.63.129.16/32 -p tcp -j DNAT --to-destination 127.0.0.1",
            "redirect",
            True,
        ),
        (
            "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128",
            "redirect",
            True,
        ),
    ],
)
def test_single_rules_of_iptables(rules, verdict, certain):
    answer = iptables(rules)
    assert (answer and answer.verdict, answer and answer.certain) == (verdict, certain)


def test_a_policy_of_drop_in_iptables():
    assert iptables("-A OUTPUT -p tcp --dport 443 -j ACCEPT", policy="DROP").rule is None
    sshd = "-A OUTPUT -o lo -j ACCEPT\n-A OUTPUT -p tcp -m tcp --sport 22 -m conntrack --ctstate ESTABLISHED -j ACCEPT"
    assert iptables(sshd, policy="DROP").certain is True


def answers(rules, policy="DROP"):
    """What stops the answer of the wire server; rules of iptables, or of an input chain of nft."""
    head = f"*filter\n:INPUT {policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n:own - [0:0]\n"
    chain = (
        f"table inet f {{\n\tchain i {{\n\t\ttype filter hook input priority 0; policy {policy.lower()};\n\t\t{rules}\n"
    )
    if rules.startswith(("*", "-")) or not rules:
        ruleset = _firewall_rules.from_iptables(rules if rules.startswith("*") else head + rules + "\nCOMMIT\n")
    else:
        ruleset = _firewall_rules.from_nft(chain + "\t}\n}\n")
    packet = _firewall.Packet(WIRE, 80, "eth0", "10.0.0.4", inbound=True)
    answer = _firewall.blocking(ruleset, packet)
    return answer and answer.as_dict(packet)["rule"]


FLAGS = "-A INPUT -p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j DROP"
RAW = "-A PREROUTING -s 168.63.129.16/32 -j DROP"


@pytest.mark.parametrize(
    ("rules", "stopped"),
    [
        ("", "policy drop"),
        ("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "policy drop"),
        ("-A INPUT -i lo -j ACCEPT\n-A INPUT -p udp -j ACCEPT", "policy drop"),
        ("-A INPUT -m conntrack --ctstate NEW -j ACCEPT", "policy drop"),
        (f"*raw\n:PREROUTING ACCEPT [0:0]\n{RAW}\nCOMMIT\n", RAW),
        (f"{FLAGS}\n-A INPUT -j ACCEPT", FLAGS),
        ("tcp dport 22 accept", "policy drop"),
        ("ct state vmap { invalid : drop, new : accept }", "policy drop"),
        ("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", None),
        ("-A INPUT -p tcp -m tcp --sport 80 -j ACCEPT", None),
        ("-A INPUT -j own\n-A own -m state --state ESTABLISHED -j ACCEPT", None),
        ("-A INPUT -i eth0 -j ACCEPT", None),
        ("-A INPUT -s 168.63.129.16/32 -j ACCEPT", None),
        ("-A INPUT -p tcp -m multiport --dports 1024:65535 -j ACCEPT", None),
        ("-A INPUT -m set --match-set friends src -j ACCEPT", None),
        ("-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A INPUT -p tcp --tcp-flags ALL NONE -j DROP", None),
        ("*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -j REDIRECT --to-ports 99\nCOMMIT\n", None),
        ("ct state { established, related } accept", None),
        ("ct state established,related accept", None),
        ("ct state vmap { established : accept, related : accept, invalid : drop }", None),
        ("ct state vmap @unknown", None),
        ("oifname eth0 drop\n\t\taccept", None),
    ],
)
def test_the_way_of_the_answers(rules, stopped):
    assert answers(rules) == stopped


class Guest(_probe.Host):
    """A running guest with some commands and files; nothing of this machine."""

    def __init__(self, commands, files=None):
        _probe.Host.__init__(self)
        self.privileged, self.commands, self.files = True, commands, files or {}

    def run(self, argv, **_options):
        if argv[0] not in self.commands:
            raise _probe.Missing("not installed")
        return 0, self.commands[argv[0]], ""

    def text(self, path, limit=0, tail=False):
        return self.files.get(path)


IPTABLES = "*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j DROP\n"


def test_equal_names_of_both_kinds_are_different_chains():
    nft_text = "table ip filter {\n\tchain OUTPUT {\n\t\ttype filter hook output priority 0; policy drop;\n\t}\n}\n"
    ruleset = _firewall_rules.from_nft(nft_text)
    _firewall_rules.from_iptables("*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n", ruleset)
    answer = _firewall.blocking(ruleset, _firewall.Packet(WIRE, 80, "eth0"))
    assert (answer.verdict, str(answer.chain)) == ("drop", "ip filter OUTPUT")


def test_rules_are_told_without_their_counters():
    assert nft(output("tcp dport 80 counter packets 7 bytes 420 drop")).rule == "tcp dport 80 counter drop"


@pytest.mark.parametrize(
    ("commands", "files", "tools", "stopped"),
    [
        ({"nft": NFT}, {}, ["nft list ruleset"], False),
        ({"nft": NFT, "iptables-save": IPTABLES}, {}, ["nft list ruleset"], False),
        (
            {"nft": NFT, "iptables-save": IPTABLES},
            {"/proc/net/ip_tables_names": "filter\n"},
            ["nft list ruleset", "iptables-save"],
            True,
        ),
        ({"iptables-save": IPTABLES}, {}, ["iptables-save"], True),
        # Debian without nft: the package iptables brings both kinds, and the rules are nft's.
        ({"iptables-nft-save": IPTABLES, "iptables-legacy-save": ""}, {}, ["iptables-nft-save"], True),
        (
            {"iptables-save": IPTABLES},
            {"/proc/net/ip_tables_names": "filter\n"},
            ["iptables-save"],
            True,
        ),
        (
            {"iptables-nft-save": "", "iptables-legacy-save": IPTABLES},
            {"/proc/net/ip_tables_names": "filter\n"},
            ["iptables-nft-save", "iptables-legacy-save"],
            True,
        ),
        ({}, {"/proc/modules": "x 1\n"}, [], False),
    ],
)
def test_the_tools_that_are_there(commands, files, tools, stopped):
    ruleset, used = _firewall.read(Guest(commands, files))
    assert used == tools
    assert (_firewall.blocking(ruleset, _firewall.Packet(WIRE, 80, "eth0")) is not None) is stopped


def test_without_any_tool_nothing_is_known():
    with pytest.raises(_probe.Missing, match="neither nft nor iptables-save"):
        _firewall.read(Guest({}))


def test_without_root_nothing_is_known():
    guest = Guest({"nft": NFT})
    guest.privileged = False
    with pytest.raises(_probe.Missing, match="needs root"):
        _firewall.read(guest)
