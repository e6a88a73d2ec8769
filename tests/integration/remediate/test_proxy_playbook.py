# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests without a way out and a real proxy behind a real firewall: opened, led through it, proved, and taken back."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab import namespace
from lab.command import run, wait_until
from lab.hosts import changes
from lab.settings import STORAGE, STORAGE_NAME

pytestmark = pytest.mark.lab

PAGE = Path(__file__).resolve().parents[3] / "docs/proxy.md"
PORT, RUN = 3128, "method-b"
ONLY = ["proxy_reachable", "storage_https_443", "proxy_waagent_conf"]
ENDPOINT = {"diagnose_storage_endpoint": STORAGE_NAME}
OPEN = {"fail", "warn", "unknown"}
UFW = "ufw allow 22/tcp; ufw --force enable"
NFTABLES = """cat >/etc/nftables.conf <<'END'
flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    tcp dport 22 accept
  }
}
END
systemctl enable --now nftables"""


@dataclass(frozen=True)
class Proxy:
    """A proxy's program, where its settings of the page belong, and the firewall before it."""

    name: str
    files: dict[str, str]
    firewall: str
    start: str


PROXIES = [
    Proxy("squid", {"squid": "/etc/squid/squid.conf"}, "nftables", NFTABLES),
    Proxy("tinyproxy", {"tinyproxy": "/etc/tinyproxy/tinyproxy.conf", "text": "/etc/tinyproxy/backup"}, "ufw", UFW),
]


def of_the_page(language):
    """The settings that the documentation has for a proxy, for the lab's network."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return block.replace("10.0.0.0/16", "10.77.0.0/16")


@pytest.fixture(scope="module", params=PROXIES, ids=lambda proxy: proxy.name)
def server(request, module_host):
    """A guest that is a proxy by the documentation's own words, and lets nobody in."""
    proxy = request.param
    guest = module_host("bookworm", agent=False)
    packages = f"{proxy.name} {proxy.firewall}"
    guest.exec(f"apt-get update -q && apt-get install -yq --no-install-recommends {packages}", timeout=300)
    for language, path in proxy.files.items():
        guest.write(path, of_the_page(language))
    guest.exec(["systemctl", "restart", proxy.name])
    guest.exec(proxy.start)
    return guest


@pytest.fixture(scope="module")
def authority(lab, tmp_path_factory):
    """Storage of the lab by HTTPS; gives the certificate of its authority."""
    folder = tmp_path_factory.mktemp("storage")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = [
        "-keyout",
        key,
        "-out",
        certificate,
        "-subj",
        f"/CN={STORAGE_NAME}",
        "-addext",
        f"subjectAltName=DNS:{STORAGE_NAME}",
    ]
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *made])
    served = [
        "openssl",
        "s_server",
        "-quiet",
        "-www",
        "-accept",
        f"{STORAGE}:443",
        "-key",
        str(key),
        "-cert",
        str(certificate),
    ]
    with subprocess.Popen(namespace.within(lab.settings.netns, served), stdin=subprocess.PIPE) as process:
        wait_until("storage", lambda: namespace.answers(lab.settings.netns, STORAGE, 443))
        yield certificate.read_text("utf-8")
        process.terminate()


@pytest.fixture(scope="module")
def clients(lab, module_host, authority):
    found = [module_host("bookworm") for _number in range(2)]
    for client in found:
        client.wait_agent()
        client.write("/usr/local/share/ca-certificates/storage.crt", authority)
        client.exec("update-ca-certificates")
        lab.drop(client, STORAGE)
    return found


def diagnosed(lab, clients, folder):
    """Host -> check -> status of what open findings there are of the way to storage."""
    variables = {"diagnose_only": ONLY, "diagnose_report_dir": str(folder), **ENDPOINT}
    lab.playbook("vmbackup.azure.diagnose", hosts=clients, extra_vars=variables, check=False)
    hosts = json.loads((folder / "report.json").read_text("utf-8"))["hosts"]
    return [{one["id"]: one["status"] for one in host["findings"] if one["status"] in OPEN} for host in hosts]


def test_guests_are_led_through_a_proxy_and_back(lab, server, clients, tmp_path):
    everyone = [*clients, server]
    variables = {
        **ENDPOINT,
        "proxy_setup_url": f"http://{server.address}:{PORT}",
        "proxy_setup_clients": ":".join(client.name for client in clients),
        "proxy_setup_servers": server.name,
        "proxy_setup_run_id": RUN + server.name,
    }
    before = [guest.snapshot("/etc") for guest in everyone]
    without = diagnosed(lab, clients, tmp_path / "without")
    assert all("storage_https_443" in host for host in without)

    preview = lab.playbook(
        "vmbackup.azure.proxy", hosts=everyone, extra_vars=variables, arguments=("--check", "--diff")
    )
    assert [changes(*one) for one in zip(before, (guest.snapshot("/etc") for guest in everyone), strict=True)] == [
        []
    ] * 3
    assert not namespace.answers(lab.settings.netns, server.address, PORT)
    done = lab.playbook("vmbackup.azure.proxy", hosts=everyone, extra_vars=variables)
    assert "through" in done.stdout and RUN in done.stdout
    assert {one["host"] for one in done.changed()} == {one["host"] for one in preview.changed()}
    assert namespace.answers(lab.settings.netns, server.address, PORT)
    assert diagnosed(lab, clients, tmp_path / "led") == [{}, {}]
    assert lab.playbook("vmbackup.azure.proxy", hosts=everyone, extra_vars=variables).changed() == []

    lab.playbook("vmbackup.azure.undo", hosts=everyone, extra_vars={"undo_run_id": RUN + server.name})
    assert [changes(*one) for one in zip(before, (guest.snapshot("/etc") for guest in everyone), strict=True)] == [
        []
    ] * 3
    assert diagnosed(lab, clients, tmp_path / "undone") == without
    assert not namespace.answers(lab.settings.netns, server.address, PORT)


def test_a_proxy_that_cannot_be_opened_leaves_the_clients(lab, clients, module_host):
    unreachable = module_host("bookworm", agent=False)
    unreachable.exec("systemctl stop ssh.socket ssh.service")
    before = [guest.snapshot("/etc") for guest in clients]
    variables = {
        **ENDPOINT,
        "proxy_setup_url": f"http://{unreachable.address}:{PORT}",
        "proxy_setup_clients": ":".join(client.name for client in clients),
        "proxy_setup_servers": unreachable.name,
    }
    done = lab.playbook("vmbackup.azure.proxy", hosts=[*clients, unreachable], extra_vars=variables, check=False)
    assert done.rc != 0
    assert [changes(*one) for one in zip(before, (guest.snapshot("/etc") for guest in clients), strict=True)] == [
        []
    ] * 2


def test_a_client_that_the_proxy_does_not_serve_fails_with_the_reason(lab, clients):
    client = clients[0]
    variables = {
        **ENDPOINT,
        "proxy_setup_url": f"http://{client.address}:{PORT}",  # where nothing listens
        "proxy_setup_clients": client.name,
        "proxy_setup_run_id": "nowhere",
    }
    done = lab.playbook("vmbackup.azure.proxy", hosts=[client], extra_vars=variables, check=False)
    assert done.rc != 0 and "cannot be reached: connection refused" in done.stdout.lower()
    assert "To undo: ansible-playbook vmbackup.azure.undo -i " in done.stdout and "undo_run_id=nowhere" in done.stdout
    lab.playbook("vmbackup.azure.undo", hosts=[client], extra_vars={"undo_run_id": "nowhere"})
