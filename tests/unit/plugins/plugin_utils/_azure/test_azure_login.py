# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._error import AzureError
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._login import credential, settle

THREE = {"AZURE_CLIENT_ID": "env-id", "AZURE_SECRET": "env-secret", "AZURE_TENANT": "env-tenant"}
STORED = """[default]
client_id=file-id
secret=file%secret
tenant=file-tenant
subscription_id=file-sub
[other]
client_id=o
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "credentials"
    path.write_text(STORED)
    return {"AZURE_CREDENTIALS_FILE": str(path)}


def who(options, environ):
    login = settle(options, environ)
    return login.source, login.client_id, login.secret, login.tenant, login.subscription_id


NOTHING = (None, None, None, None)


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        ({}, {}, ("auto", "file-id", "file%secret", "file-tenant", "file-sub")),
        ({}, THREE, ("auto", "env-id", "env-secret", "env-tenant", None)),
        ({}, {"AZURE_CLIENT_SECRET": "x", "AZURE_TENANT_ID": "t"}, ("auto", None, "x", "t", None)),
        ({"client_id": "given"}, THREE, ("auto", "given", "env-secret", "env-tenant", None)),
        ({"profile": "other"}, {}, ("auto", "o", None, None, None)),
        ({}, {**THREE, "AZURE_PROFILE": "default"}, ("auto", "file-id", "file%secret", "file-tenant", "file-sub")),
        (
            {"auth_source": "credential_file"},
            THREE,
            ("credential_file", "file-id", "file%secret", "file-tenant", "file-sub"),
        ),
        ({"auth_source": "env"}, {}, ("env", *NOTHING)),
        ({}, {"ANSIBLE_AZURE_AUTH_SOURCE": "msi"}, ("msi", *NOTHING)),
        ({"auth_source": "cli"}, {"AZURE_SUBSCRIPTION_ID": "s"}, ("cli", None, None, None, "s")),
    ],
)
def test_where_credentials_come_from(file, options, environ, expected):
    assert who(options, {**file, **environ}) == expected


def test_clouds():
    assert settle({}, {"AZURE_CREDENTIALS_FILE": "/nowhere"}).cloud_environment == "AzureCloud"
    assert settle({}, {**THREE, "AZURE_CLOUD_ENVIRONMENT": "AzureChinaCloud"}).cloud_environment == "AzureChinaCloud"


@pytest.mark.parametrize(
    ("options", "text", "said"),
    [
        ({"auth_source": "magic"}, None, "auth_source 'magic' is unknown. Use one of auto, env"),
        ({"auth_source": "credential_file"}, None, "No such file or directory"),
        ({"profile": "gone"}, STORED, "it has no profile 'gone'"),
        ({"auth_source": "credential_file"}, "secret = hunter2", "it is not an INI file (MissingSectionHeaderError)"),
        ({"auth_source": "credential_file", "profile": "other"}, STORED, "does not have client_id, secret, tenant"),
    ],
)
def test_what_is_incomplete_is_one_sentence(tmp_path, options, text, said):
    path = tmp_path / "credentials"
    if text:
        path.write_text(text)
    with pytest.raises(AzureError) as caught:
        settle(options, {"AZURE_CREDENTIALS_FILE": str(path)})
    assert said in str(caught.value) and "hunter2" not in str(caught.value)


def test_a_secret_is_not_shown():
    assert "hunter2" not in repr(settle({"secret": "hunter2", "client_id": "i", "tenant": "t"}, {}))


def test_an_identity_of_one_of_several_is_asked_for_by_name(monkeypatch):
    azure_identity = pytest.importorskip("azure.identity")
    asked = []
    monkeypatch.setattr(azure_identity, "DefaultAzureCredential", lambda **given: asked.append(given))
    for options in ({"client_id": "mine", "tenant": "ours"}, {}):
        credential(settle(options, {"AZURE_CREDENTIALS_FILE": "/nowhere"}), "login.microsoftonline.com", known=True)
    named = {name: value for name, value in asked[0].items() if name.endswith(("client_id", "tenant_id"))}
    assert named == {
        "managed_identity_client_id": "mine",
        "workload_identity_client_id": "mine",
        "workload_identity_tenant_id": "ours",
    }
    assert not set(named) & set(asked[1])
