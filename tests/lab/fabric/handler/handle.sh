#!/bin/sh
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Launcher of the stand-in backup extension: notes its call in shell.log and hands over to handle.py.
set -u
cd "$(dirname "$0")/.." || exit 1
log=/var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux/shell.log
mkdir -p "${log%/*}"
status=0
python3 main/handle.py "-$1" || status=$?
echo "$(date -u '+%Y-%m-%dT%H:%M:%SZ') handle.sh $1 returned $status" >>"$log"
exit "$status"
