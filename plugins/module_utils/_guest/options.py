# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What a probe can be told, as an argument specification: the same on both systems but for ``root``."""

from . import azure

OPTIONS: dict = {
    "root": {"type": "path"},
    "timeout": {"type": "float", "default": 15.0},
    "wire_server": {"type": "str", "default": azure.WIRE_SERVER},
    "wire_port": {"type": "int", "default": azure.WIRE_PORT},
    "host_plugin_port": {"type": "int", "default": azure.HOST_PLUGIN_PORT},
    "imds_server": {"type": "str", "default": azure.IMDS_SERVER},
    "imds_port": {"type": "int", "default": azure.IMDS_PORT},
    "storage_endpoint": {"type": "str"},
    "cpu_sample": {"type": "float"},
}

SIGNATURES: dict = {"signatures": {"type": "list", "elements": "dict"}}
"""Texts to look for in the guest's logs, as the controller knows them."""
