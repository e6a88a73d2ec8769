# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the packet filter that a tree keeps: each tool has its own file, and its service must be enabled."""

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils import _probe
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.host import Missing
from ansible_collections.vmbackup.azure.plugins.module_utils._probe import _firewall, _saved_rules

WIRE = "168.63.129.16"
WANTS = "etc/systemd/system/multi-user.target.wants"


def stopped(root, files, enabled=(), port=80):
    """``(verdict, certain)`` of what stops root's packet by the files of a tree, None when it passes."""
    for path, text in files.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    for name in enabled:
        (root / WANTS).mkdir(parents=True, exist_ok=True)
        (root / WANTS / name).symlink_to(f"/usr/lib/systemd/system/{name}")
    ruleset, read = _saved_rules.read(_probe.Host(str(root)))
    assert read
    answer = _firewall.blocking(ruleset, _firewall.Packet(WIRE, port))
    return answer and (answer.verdict, answer.certain)


def nft(*rules, policy="drop", head=""):
    lines = "\n".join(rules)
    return (
        f"{head}\ntable ip mine {{\n  chain out {{\n    type filter hook output priority filter;\n"
        f"    policy {policy};\n{lines}\n  }}\n}}\n"
    )


NFT = "/etc/nftables.conf"
ON = ["nftables.service"]


def test_a_file_of_nft_whose_policy_stands_on_its_own_line(tmp_path):
    assert stopped(tmp_path, {NFT: nft("oifname lo accept")}, ON) == ("drop", True)


def test_a_variable_and_an_included_file_of_nft(tmp_path):
    text = nft("ip daddr $azure accept", head=f"define azure = {{ {WIRE}, 169.254.169.254 }}")
    assert stopped(tmp_path, {NFT: text}, ON) is None
    (tmp_path / "other").mkdir()
    files = {
        "/etc/sysconfig/nftables.conf": 'include "/etc/nftables/*.nft"\n',
        "/etc/nftables/main.nft": nft(f"ip daddr {WIRE} tcp dport 32526 reject", policy="accept"),
    }
    assert stopped(tmp_path / "other", files, ON, port=32526) == ("reject", True)


@pytest.mark.parametrize(
    ("element", "answer"), [("168.63.0.0-168.63.200.0", ("drop", True)), ("168.63.130.0-168.63.200.0", None)]
)
def test_a_set_of_nft_with_a_range(tmp_path, element, answer):
    head = (
        f"table ip mine {{\n  set bad {{\n    type ipv4_addr\n    elements = {{ 10.9.0.0/16, {element} }}\n  }}\n}}\n"
    )
    text = nft("ip daddr @bad drop", policy="accept", head=head)
    assert stopped(tmp_path, {NFT: text}, ON) == answer


@pytest.mark.parametrize(
    "define",
    [
        f"define ok = {{\n  10.0.0.4, # ours\n  {WIRE}\n}}\n",
        f"define ok = \\\n  {{ 10.0.0.4, {WIRE} }}\n",
        f"define wire = {WIRE}; define ok={{ $wire }}\n",
    ],
)
def test_a_variable_of_nft_over_several_lines(tmp_path, define):
    assert stopped(tmp_path, {NFT: nft("ip daddr $ok accept", head=define)}, ON) is None
    (tmp_path / "other").mkdir()
    text = nft("ip daddr $ok drop", policy="accept", head=define)
    assert stopped(tmp_path / "other", {NFT: text}, ON) == ("drop", True)


def test_elements_that_a_command_adds_to_a_set_of_nft(tmp_path):
    head = "table ip mine {\n  set ok {\n    type ipv4_addr\n    elements = { 10.9.0.0/16 }\n  }\n}\n"
    text = nft("ip daddr @ok accept", head=head)
    assert stopped(tmp_path, {NFT: text}, ON) == ("drop", True)
    added = f"add element ip mine ok {{ 10.9.9.9,\n  {WIRE} }}\n"
    assert stopped(tmp_path, {NFT: text + added}) is None
    assert stopped(tmp_path, {NFT: text + added.replace("ip mine", "mine")}) is None
    assert stopped(tmp_path, {NFT: text + added.replace("ip mine", "inet mine")}) == ("drop", True)


ONE_LINE = "table ip mine {{ {0}chain out {{ type filter hook output priority 0; policy {1}; {2} }} }}"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (ONE_LINE.format("", "accept", f"ip daddr {WIRE} drop;"), ("drop", True)),
        (ONE_LINE.format("", "drop", "oifname lo accept; tcp dport { 80, 443 } accept"), None),
        (ONE_LINE.format("set own { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 172.16.0.0/12 }; }; ",
                         "accept", "ip daddr != @own tcp dport 80 reject"), ("reject", True)),
        (ONE_LINE.format(f"set own {{ type ipv4_addr; elements = {{ {WIRE} }} }}\n", "drop", "ip daddr @own accept"),
         None),
        (ONE_LINE.format("", "accept", f"ip daddr {WIRE} meta l4proto tcp th dport {{ http, 443 }} drop # fabric; }}"
                         "\n"), ("drop", True)),
        (ONE_LINE.format("", "accept", f"ip daddr {WIRE} th sport 80 drop"), None),
        (ONE_LINE.format("", "accept", f'ip daddr {WIRE} \\\n tcp dport 80 log prefix "a; b }} " drop'),
         ("drop", True)),
        (f"add table ip f\nadd chain ip f out {{ type filter hook output priority filter; policy accept; }}\n"
         f"add rule ip f out ip daddr {WIRE} tcp dport 80 counter drop\n", ("drop", True)),
        (f"create chain f out {{ type filter hook output priority 0; }}\nadd rule f out ip daddr {WIRE} drop\n"
         f"insert rule f out ip daddr {WIRE} meta skuid 0 accept", None),
        (f"add chain ip f out {{ type filter hook output priority 0; }}\nadd rule ip f other ip daddr {WIRE} drop",
         None),
    ],
)  # fmt: skip
def test_nft_as_people_write_it(tmp_path, text, answer):
    assert stopped(tmp_path, {NFT: text}, ON) == answer


@pytest.mark.parametrize(("last", "answer"), [("168.63.129.16", ("drop", True)), ("168.63.129.15", None)])
def test_a_range_of_iptables(tmp_path, last, answer):
    rule = f"-A OUTPUT -m iprange --dst-range 168.63.129.1-{last} -j DROP"
    text = f"*filter\n:OUTPUT ACCEPT [0:0]\n{rule}\nCOMMIT\n"
    assert stopped(tmp_path, {"/etc/iptables/rules.v4": text}) == answer


@pytest.mark.parametrize(
    ("network", "answer"),
    [
        ("0/0", ("drop", True)),
        ("0.0.0.0/0", ("drop", True)),
        ("0.0.0.0/0.0.0.0", ("drop", True)),
        ("168.63.0.0/255.255.0.0", ("drop", True)),
        ("168.63.129.16/255.255.255.255", ("drop", True)),
        ("168.63.129.0/24", ("drop", True)),
        ("168.63.128.0/255.255.255.0", None),
        ("168.63.128.0/24", None),
        ("10.0.0.0/255.0.0.0", None),
        ("168.63.129.17", None),
    ],
)
def test_a_network_of_iptables_as_people_write_it(tmp_path, network, answer):
    text = f"*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d {network} -p tcp -j DROP\nCOMMIT\n"
    assert stopped(tmp_path, {"/etc/iptables/rules.v4": text}) == answer
    negated = text.replace("-d ", "! -d ")
    assert stopped(tmp_path, {"/etc/iptables/rules.v4": negated}) == (None if answer else ("drop", True))


def test_a_rule_that_cannot_be_judged_leaves_the_policy_in_doubt(tmp_path):
    assert stopped(tmp_path, {NFT: nft("ip daddr $UNSET accept", "socket cgroupv2 level 1 x accept")}, ON) == (
        "drop",
        False,
    )


def test_a_file_that_no_service_loads_says_nothing(tmp_path):
    with pytest.raises(Missing):
        stopped(tmp_path, {NFT: nft(), "/etc/ufw/ufw.conf": "ENABLED=no\n"})


UFW = {
    "/etc/ufw/ufw.conf": "LOGLEVEL=low\nENABLED=yes\n",
    "/etc/default/ufw": 'DEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="REJECT"\n',
    "/etc/ufw/before.rules": "*filter\n:ufw-before-output - [0:0]\n-A ufw-before-output -o lo -j ACCEPT\nCOMMIT\n",
}


def test_ufw(tmp_path):
    assert stopped(tmp_path, UFW) == ("reject", True)
    allowed = f"*filter\n:ufw-user-output - [0:0]\n-A ufw-user-output -d {WIRE} -p tcp --dport 80 -j ACCEPT\nCOMMIT\n"
    assert stopped(tmp_path, {**UFW, "/etc/ufw/user.rules": allowed}) is None
    denied = f"*filter\n:ufw-user-output - [0:0]\n-A ufw-user-output -d {WIRE} -j DROP\nCOMMIT\n"
    files = {**UFW, "/etc/default/ufw": "", "/etc/ufw/user.rules": denied}
    assert stopped(tmp_path, files) == ("drop", True)


def direct(*elements):
    return {"/etc/firewalld/direct.xml": "<direct>\n" + "\n".join(elements) + "\n</direct>\n"}


RULE = "<rule ipv='ipv4' table='filter' chain='OUTPUT' priority='{0}'>{1}</rule>"


def test_direct_rules_of_firewalld_by_their_priority(tmp_path):
    both = [RULE.format(5, f"-d {WIRE} -j REJECT"), RULE.format(1, f"-d {WIRE} -m owner --uid-owner 0 -j ACCEPT")]
    on = ["firewalld.service"]
    assert stopped(tmp_path, direct(*both), on) is None
    (tmp_path / "other").mkdir()
    assert stopped(tmp_path / "other", direct(both[0], RULE.replace("ipv4", "ipv6")), on) == ("reject", True)


def test_a_passthrough_of_firewalld(tmp_path):
    text = f'<passthrough ipv="ipv4">-t security -A OUTPUT -d {WIRE} -p tcp -j DROP</passthrough>'
    assert stopped(tmp_path, direct(text), ["firewalld.service"]) == ("drop", True)
    first = f'<passthrough ipv="ipv4">-I OUTPUT 1 -d {WIRE} -j ACCEPT</passthrough>'
    rule = RULE.format(0, f"-d {WIRE} -j REJECT")
    assert stopped(tmp_path, direct(rule, first)) is None
    assert stopped(tmp_path, direct(rule, first.replace("-I OUTPUT 1", "--append OUTPUT"))) == ("reject", True)


SENT = '<ingress-zone name="HOST"/><egress-zone name="{0}"/>'
TO_WIRE = f'<destination address="{WIRE}"/>'


def policies(*texts, zone="public", **services):
    files = {f"/etc/firewalld/policies/p{number}.xml": text for number, text in enumerate(texts)}
    files |= {f"/usr/lib/firewalld/services/{name}.xml": text for name, text in services.items()}
    return {"/etc/firewalld/firewalld.conf": f"# DefaultZone=work\nDefaultZone={zone}\n", **files}


def policy(body, target="CONTINUE", zone="ANY", priority=-1):
    return f'<policy priority="{priority}" target="{target}">{SENT.format(zone)}{body}</policy>'


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        ([policy("", "DROP")], ("drop", True)),
        ([policy('<port port="32000-33000" protocol="tcp"/>', "REJECT")], ("reject", True)),
        ([policy('<port port="80" protocol="tcp"/>', "REJECT")], None),
        ([policy('<port port="80" protocol="udp"/>', "REJECT")], ("reject", True)),
        ([policy(f"<rule>{TO_WIRE}<reject/></rule>")], ("reject", True)),
        ([policy('<rule><destination address="168.63.129.0/24" invert="True"/><drop/></rule>')], None),
        ([policy(f'<rule family="ipv6">{TO_WIRE}<reject/></rule>')], None),
        ([policy(f"<!-- <rule>{TO_WIRE}<reject/></rule> -->")], None),
        # What refuses comes first, unless a priority says otherwise.
        ([policy(f"<rule>{TO_WIRE}<accept/></rule><rule>{TO_WIRE}<drop/></rule>")], ("drop", True)),
        ([policy(f'<rule priority="-5">{TO_WIRE}<accept/></rule><rule>{TO_WIRE}<drop/></rule>')], None),
        ([policy(f'<rule priority="5">{TO_WIRE}<drop/></rule><port port="80" protocol="tcp"/>')], None),
        ([policy("", "REJECT", priority=5), policy("", "ACCEPT", priority=-5)], None),
        ([policy("", "ACCEPT", priority=5), policy("", "REJECT", priority=-5)], ("reject", True)),
        ([policy("", "DROP", zone="public")], ("drop", True)),
        # A limit cannot be judged, and neither can a service whose file is not there.
        ([policy(f'<rule>{TO_WIRE}<drop><limit value="1/m"/></drop></rule>')], ("drop", False)),
        ([policy('<service name="gone"/>', "DROP")], ("drop", False)),
    ],
)
def test_policies_of_firewalld(tmp_path, texts, answer):
    assert stopped(tmp_path, policies(*texts), ["firewalld.service"]) == answer


@pytest.mark.parametrize(
    ("kind", "entry", "answer"),
    [
        ("hash:net", "168.63.128.0/20", ("drop", True)),
        ("hash:ip", WIRE, ("drop", True)),
        ("hash:net", "168.64.0.0/16", None),
        ("hash:mac", WIRE, ("drop", False)),
        (None, WIRE, ("drop", False)),
    ],
)
def test_a_policy_names_a_set_of_addresses(tmp_path, kind, entry, answer):
    files = policies(policy('<rule><destination ipset="bad"/><drop/></rule>'))
    if kind:
        text = (
            f"<ipset type='{kind}'><!-- <entry>{WIRE}</entry> --><entry>10.9.9.9</entry><entry>{entry}</entry></ipset>"
        )
        files["/etc/firewalld/ipsets/bad.xml"] = text
    assert stopped(tmp_path, files, ["firewalld.service"]) == answer


WEB = '<service><port protocol="tcp" port="80"/><port protocol="tcp" port="8080"/></service>'


def test_a_policy_names_services(tmp_path):
    files = policies(policy('<service name="web"/>', "DROP"), web=WEB)
    assert stopped(tmp_path, files, ["firewalld.service"]) is None
    files = policies(policy('<rule><service name="web"/><drop/></rule>'), web=WEB)
    assert stopped(tmp_path, files) == ("drop", True)
    assert stopped(tmp_path, files, port=32526) is None


@pytest.mark.parametrize(
    "text",
    [
        '<policy target="DROP"><ingress-zone name="dmz"/><egress-zone name="ANY"/></policy>',
        '<policy target="DROP"><ingress-zone name="HOST"/><egress-zone name="dmz"/></policy>',
    ],
)
def test_policies_for_other_packets_say_nothing(tmp_path, text):
    with pytest.raises(Missing):
        stopped(tmp_path, policies(text), ["firewalld.service"])


DROP = f"-d {WIRE} -p tcp --dport 80 -j DROP"
SAVED = f"*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT {DROP}\nCOMMIT\n"
SERVICE = "/etc/systemd/system/lock.service"
LOCK = "[Service]\nExecStart=/bin/sh -c 'iptables -F; iptables -w -t filter -I OUTPUT 1 {0}'\n"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"iptables -A OUTPUT {DROP}", ("drop", True)),
        (f"# iptables -A OUTPUT {DROP}", None),
        (f"/sbin/iptables --append OUTPUT {DROP} 2>/dev/null || true", ("drop", True)),
        ("iptables -P OUTPUT DROP && iptables -A OUTPUT -o lo -j ACCEPT", ("drop", True)),
        (f"iptables -P OUTPUT DROP\niptables -A OUTPUT -d {WIRE} -j ACCEPT", None),
        (f"iptables -A OUTPUT {DROP}\niptables -I OUTPUT -d {WIRE} -m comment --comment 'the host' -j ACCEPT", None),
        (f"iptables -A OUTPUT -d {WIRE} -m owner ! --uid-owner 0 -j DROP", None),
        (f"iptables -N azure\niptables -A azure {DROP}\niptables -A OUTPUT -j azure", ("drop", True)),
        (f"iptables -A OUTPUT \\\n  {DROP}", ("drop", True)),
        (f"iptables -A INPUT {DROP}", None),
        (f"IPT=/sbin/iptables\nexport HOST={WIRE}\n$IPT -A OUTPUT -d ${{HOST}} -p tcp -j DROP", ("drop", True)),
        ("IPT=iptables\n$IPT -A OUTPUT -o lo -j ACCEPT\n$IPT -A OUTPUT -d $UNKNOWN -j DROP", ("drop", False)),
        (f"nft\niptables -A OUTPUT {DROP}", ("drop", True)),
        (f"iptables -A OUTPUT -m comment --comment 'no end {DROP}\niptables -A OUTPUT -o lo -j ACCEPT", None),
    ],
)
def test_commands_of_a_script_that_runs_at_boot(tmp_path, text, answer):
    script = tmp_path / "etc/rc.local"
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\n{text}\nexit 0\n", "utf-8")
    with pytest.raises(Missing):
        stopped(tmp_path, {})
    script.chmod(0o755)
    if text.startswith("#"):
        with pytest.raises(Missing):
            stopped(tmp_path, {})
    else:
        assert stopped(tmp_path, {}) == answer


LOCKED = "iptables -P OUTPUT DROP"
OPEN = f"iptables -A OUTPUT -d {WIRE} -j ACCEPT"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        # Variables that are not known here.
        (f"{LOCKED}\nfor ip in {WIRE} 169.254.169.254; do iptables -A OUTPUT -d $ip -j ACCEPT; done", ("drop", False)),
        (f"{LOCKED}\nfor ip in {WIRE} 10.0.0.4\ndo\n iptables -A OUTPUT -d $ip -j ACCEPT\ndone", ("drop", False)),
        (f"{LOCKED}\niptables -A OUTPUT -d ${{WIRE}} -j ACCEPT", ("drop", False)),
        (f"{LOCKED}\niptables -A OUTPUT ! -d $NET -j ACCEPT", ("drop", False)),
        (f"{LOCKED}\niptables -A OUTPUT -d $(cat /etc/wire) -j ACCEPT", ("drop", False)),
        (f"{LOCKED}\niptables -A OUTPUT -d `cat /etc/wire` -j ACCEPT", ("drop", False)),
        (f"WIRE=$(cat /etc/wire)\n{LOCKED}\niptables -A OUTPUT -d $WIRE -j ACCEPT", ("drop", False)),
        (f"{LOCKED}\niptables -A OUTPUT -p tcp -m multiport --dports 80,$MORE -j ACCEPT", None),
        (f"{LOCKED}\niptables -A OUTPUT -j $AZURE", ("drop", False)),
        (f"{LOCKED}\niptables -A $CHAIN -d {WIRE} -j ACCEPT", ("drop", False)),
        (f"{LOCKED}\niptables -F $CHAIN\niptables -D OUTPUT -d $ip -j DROP", ("drop", False)),
        ("iptables -P OUTPUT $POLICY", None),
        # Lines that may not run.
        (f"[ -e /etc/fw.enabled ] || exit 0\n{LOCKED}", ("drop", False)),
        (f"test -e /etc/off && {{ exit; }}\niptables -A OUTPUT {DROP}", ("drop", False)),
        (f". /etc/fw.conf\n{LOCKED}", ("drop", False)),
        (f"if grep -q lock /proc/cmdline; then\n  {LOCKED}\nfi", ("drop", False)),
        (f"lock() {{\n  {LOCKED}\n}}", ("drop", False)),
        (f"[ -e /etc/open ] || iptables -A OUTPUT {DROP}\nsync", ("drop", False)),
        (f"[ -e /etc/wide ] && {OPEN}\n{LOCKED}", ("drop", False)),
        (f"{LOCKED}\n[ -e /etc/wide ] && iptables -P OUTPUT ACCEPT", ("drop", False)),
        (f"iptables -A OUTPUT {DROP}\n[ -e /etc/wide ] && iptables -F", ("drop", False)),
        (f"iptables -A OUTPUT {DROP}\ntest -e /etc/wide && iptables -D OUTPUT {DROP}", ("drop", False)),
        (f"[ -e /x ] && logger locked\n{LOCKED}", ("drop", True)),
        (f"# if it must be; exit\n{LOCKED}", ("drop", True)),
        # What is emptied.
        (f"iptables -A OUTPUT {DROP}\niptables -F", None),
        (f"iptables -A OUTPUT {DROP}\niptables -w --flush OUTPUT", None),
        (f"iptables -A OUTPUT {DROP}\niptables -t nat -F\niptables -F INPUT", ("drop", True)),
        (f"{LOCKED}\niptables -A OUTPUT {DROP}\niptables -F OUTPUT\niptables -P OUTPUT ACCEPT", None),
        (f"{OPEN}\niptables -F\n{LOCKED}", ("drop", True)),
        # Whose rules they are.
        (f"{OPEN}\nip netns exec vpn {LOCKED}", None),
        (f"{OPEN}\ndocker exec x {LOCKED}\necho iptables -I OUTPUT {DROP}", None),
        (f"iptables -w 5 -A OUTPUT {DROP}", ("drop", True)),
        (f"iptables -A OUTPUT {DROP}\niptables --wait 2 -I OUTPUT 1 -d {WIRE} -j ACCEPT", None),
        (f"sudo -n /sbin/iptables -A OUTPUT {DROP}", ("drop", True)),
        (f"nice -n 5 env LANG=C iptables -A OUTPUT {DROP}", ("drop", True)),
    ],
)  # fmt: skip
def test_lines_of_a_script_that_may_not_run_as_they_stand(tmp_path, text, answer):
    script = tmp_path / "etc/rc.local"
    script.parent.mkdir()
    script.write_text(f"#!/bin/sh\n{text}\nexit 0\n", "utf-8")
    script.chmod(0o755)
    assert stopped(tmp_path, {}) == answer


@pytest.mark.parametrize(
    ("guard", "end", "certain"),
    [
        ('[ "$2" = up ] || exit 0', "", True),
        ('[[ "${2}" == "up" ]] || exit', "", True),
        ('[ "$2" != "up" ] && exit 0;', "", True),
        ('if [ "$2" = "up" ]; then', "fi", True),
        ('[ "$IFACE" = lo ] && exit 0\n[ "$MODE" = start ] || exit 0', "", True),
        ('[ "$IFACE" != "lo" ] || exit 0', "", True),
        ('[ "$2" = down ] || exit 0', "", False),
        ('[ "$2" = up ] && exit 0', "", False),
        ('[ "$1" = eth1 ] || exit 0', "", False),
        ('if [ "$2" = "up" ]; then\n  sync\nelse', "fi", False),
    ],
)
def test_what_a_script_of_interfaces_asks_first(tmp_path, guard, end, certain):
    path = "etc/NetworkManager/dispatcher.d/50-lock"
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).touch(0o755)
    text = f"#!/bin/sh\n{guard}\n{LOCKED}\n{end}\n"
    assert stopped(tmp_path, {path: text}) == ("drop", certain)


@pytest.mark.parametrize(
    ("line", "script", "certain"),
    [
        ("/opt/fw.sh", f"{LOCKED}\nexit 0\n", True),
        ("/opt/fw.sh", f"test -e /x || exit 0\n{LOCKED}\n", False),
        ("/opt/fw.sh", "iptables-restore < /etc/fw\n", True),
        ("/opt/fw.sh", "[ -e /etc/fw ] && iptables-restore < /etc/fw\n", False),
        ("[ -x /opt/fw.sh ] && /opt/fw.sh", f"{LOCKED}\n", False),
        ("sh -c 'if test -e /x; then sync; fi; /opt/fw.sh'", f"{LOCKED}\n", False),
    ],
)
def test_a_script_runs_as_certainly_as_what_starts_it(tmp_path, line, script, certain):
    files = {"/etc/cron.d/lock": f"@reboot root {line}\n", "/opt/fw.sh": f"#!/bin/sh\n{script}"}
    files["/etc/fw"] = "*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n"
    assert stopped(tmp_path, files) == ("drop", certain)


def test_a_service_of_ones_own_and_lines_of_interfaces(tmp_path):
    with pytest.raises(Missing):
        stopped(tmp_path, {SERVICE: LOCK.format(DROP)})
    assert stopped(tmp_path, {}, ["lock.service"]) == ("drop", True)
    lines = f"iface eth0 inet dhcp\n  pre-up iptables -A OUTPUT {DROP}\n  down iptables -F\n"
    assert stopped(tmp_path / "other", {"/etc/network/interfaces": lines}) == ("drop", True)


SCRIPT = "usr/local/sbin/lock.sh"
STARTS = [
    ("/etc/cron.d/lock", "@reboot root /usr/local/sbin/lock.sh\n"),
    ("/etc/crontab", "SHELL=/bin/sh\n@reboot\troot  sleep 30 && bash /usr/local/sbin/lock.sh\n"),
    ("/var/spool/cron/root", "@reboot /usr/local/sbin/lock.sh >/dev/null 2>&1\n"),
    (SERVICE, "[Service]\nExecStart=-/usr/local/sbin/lock.sh\n"),
    ("/etc/network/interfaces", "iface eth0 inet dhcp\n  up /usr/local/sbin/lock.sh\n"),
]


@pytest.mark.parametrize(("path", "text"), STARTS, ids=[path for path, _text in STARTS])
@pytest.mark.parametrize(
    ("script", "answer"),
    [
        (f"iptables -D OUTPUT {DROP}\niptables -A OUTPUT {DROP}\n", ("drop", True)),
        (f"iptables -A OUTPUT {DROP}\nsleep 20\niptables --delete OUTPUT {DROP}\n", None),
        ("nft add table ip f\nnft 'add chain ip f o { type filter hook output priority 0; }'\n"
         f"nft add rule ip f o ip daddr {WIRE} drop\n", ("drop", True)),
        (f"if test -e /etc/locked; then\n  iptables -A OUTPUT {DROP}\nfi\n", Missing),
        (f"panic() {{\n  iptables -A OUTPUT {DROP}\n}}\n", Missing),
    ],
    ids=["added", "taken away", "nft", "condition", "function"],
)  # fmt: skip
def test_a_script_that_starts_at_boot(tmp_path, path, text, script, answer):
    place = tmp_path / SCRIPT
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/bash\n" + script, "utf-8")
    place.chmod(0o755)
    if answer is Missing:
        with pytest.raises(Missing):
            stopped(tmp_path, {path: text}, ["lock.service"])
    else:
        assert stopped(tmp_path, {path: text}, ["lock.service"]) == answer


BY_ARGUMENT = f"""#!/bin/sh
IPT=/sbin/iptables
case "$1" in
  start|restart)
    $IPT -A OUTPUT {DROP}
    ;;
  "open") $IPT -A OUTPUT -d {WIRE} -j ACCEPT;;
  *) echo "start, open"; exit 1 ;;
esac
logger done
"""


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/opt/fw start", ("drop", True)),
        ("/bin/sh /opt/fw restart", ("drop", True)),
        ("/opt/fw open", None),
        ("/opt/fw stop", Missing),
        ("/opt/fw", Missing),
    ],
)
def test_a_script_that_decides_by_its_argument(tmp_path, command, answer):
    (tmp_path / "opt").mkdir()
    (tmp_path / "opt/fw").write_text(BY_ARGUMENT, "utf-8")
    files = {SERVICE: f"[Service]\nType=oneshot\nExecStart={command}\n"}
    if answer is Missing:
        with pytest.raises(Missing):
            stopped(tmp_path, files, ["lock.service"])
    else:
        assert stopped(tmp_path, files, ["lock.service"]) == answer


def test_cron_at_an_hour_says_nothing(tmp_path):
    with pytest.raises(Missing):
        stopped(tmp_path, {"/etc/cron.d/lock": f"0 2 * * * root iptables -A OUTPUT {DROP}\n"})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/etc/cron.d/lock", f"@reboot\troot\tiptables -A OUTPUT {DROP}"),
        ("/etc/crontab", f"@reboot   root   iptables -A OUTPUT {DROP}"),
        ("/var/spool/cron/tabs/root", f"@reboot iptables -A OUTPUT {DROP}"),
    ],
)
def test_lines_of_cron(tmp_path, path, line):
    assert stopped(tmp_path, {path: f"@reboot root\n@reboot\n{line}\n"}) == ("drop", True)


@pytest.mark.parametrize(
    "text",
    [
        f"@reboot root /opt/{'a' * 300}/lock.sh",
        f"@reboot root iptables-restore /opt/{'a' * 300}",
        f"@reboot root nft -f /opt/{'a' * 300}",
        "@reboot root sh '/opt/a\0b'",
        "@reboot root sh /opt",
        "@reboot root iptables-restore < /opt",
        "@reboot root nft -f /opt",
        "@reboot root nft -f /etc/own.nft",
    ],
)
def test_odd_names_hide_no_rules(tmp_path, text):
    (tmp_path / "etc/cron.d/folder").mkdir(parents=True)
    (tmp_path / "etc/more.d/folder").mkdir(parents=True)
    (tmp_path / "opt").mkdir()
    files = {
        "/etc/cron.d/odd": text + "\n",
        "/etc/own.nft": 'include "/etc/more.d/*"\ninclude "/a\0/*"',
        "/etc/iptables/rules.v4": SAVED,
    }
    assert stopped(tmp_path, files) == ("drop", True)


def test_a_policy_that_was_restored_stays_where_a_script_adds_a_rule(tmp_path):
    files = {
        "/etc/sysconfig/iptables": "*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n",
        SERVICE: LOCK.format("-o lo -j ACCEPT"),
    }
    assert stopped(tmp_path, files, ["lock.service"]) == ("drop", True)


@pytest.mark.parametrize(
    ("line", "path", "text"),
    [
        (
            "pre-up iptables-restore < {0}",
            "/etc/firewall.rules",
            f"*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT {DROP}\nCOMMIT\n",
        ),
        (
            "post-up /sbin/iptables-restore -n {0}",
            "/etc/fw",
            f"*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT {DROP}\nCOMMIT\n",
        ),
        ("up nft -f {0}", "/etc/own.nft", nft(f"ip daddr {WIRE} tcp dport 80 drop", policy="accept")),
    ],
)
def test_a_file_of_rules_that_a_command_loads(tmp_path, line, path, text):
    lines = f"iface eth0 inet dhcp\n  {line.format(path)}\n"
    assert stopped(tmp_path, {"/etc/network/interfaces": lines, path: text}) == ("drop", True)
