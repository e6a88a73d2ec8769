# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets as logs of Windows hold them, and a search for what is left of them."""

import base64
import urllib.parse

FORMS = (
    "[INFO] GET https://a.blob.core.windows.net/c/b?sv=1&sig={0} done",
    '[INFO] {{"protectedSettings": "{0}{0}", "note": 1}}',
    "[WARN] proxy http://svc:{0}@10.0.0.1:3128",
    "[INFO] Authorization: Bearer {0}",
    "<Password>{0}</Password>",
    "AccountKey={0};EndpointSuffix=core.windows.net",
    "-----BEGIN RSA PRIVATE KEY-----\r\n{0}{0}\r\n{0}\r\n-----END RSA PRIVATE KEY-----",
    "GET /?u=%68%74%74%70%3A%2F%2Fu%3A{1}%40h%3A80",
    "[INFO] settings {2}",
)


def planted(count):
    """Names, and a text with all of them in all forms."""
    names = [f"Zq{number:04d}vanillaSecret" for number in range(count)]
    return names, text_of(names, FORMS)


def text_of(names, forms):
    """Lines with each of the names in each of the forms."""
    lines = []
    for name in names:
        percent = "".join(f"%{byte:02X}" for byte in name.encode())
        coded = base64.b64encode(f"Password={name}".encode()).decode()
        lines += [form.format(name, percent, coded) for form in forms]
    return "\r\n".join(lines) + "\r\n"


def left(names, everything):
    """Which of the names are there in any form."""
    plain = everything.replace(b"\0", b"").decode("utf-8", "replace")
    forms = {
        name: (
            name,
            base64.b64encode(name.encode()).decode().rstrip("="),
            base64.b64encode(f"Password={name}".encode()).decode(),
            "".join(f"%{byte:02X}" for byte in name.encode()),
            urllib.parse.quote(name),
        )
        for name in names
    }
    return [name for name in names if any(form in plain for form in forms[name])]
