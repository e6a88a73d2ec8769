# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What Azure fixes: the addresses of its fabric, and the oldest agent that it supports."""

WIRE_SERVER, WIRE_PORT, HOST_PLUGIN_PORT = "168.63.129.16", 80, 32526
IMDS_SERVER, IMDS_PORT = "169.254.169.254", 80
FABRIC = (WIRE_SERVER, IMDS_SERVER)

MINIMUM_AGENT = "2.2.53.1"
"""Older agents are not supported for extensions."""
