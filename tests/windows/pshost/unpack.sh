#!/bin/sh
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# unpack.sh ARCHIVE DIR       unpacks one build of pshost (pshost-linux-x64.tar.xz, pshost-win-x64.tar.xz) into DIR
# unpack.sh wine PREFIX DIR   puts an unpacked win build (DIR) where a Wine prefix expects powershell.exe
set -e
case "$1" in
  *.tar.xz)
    [ -n "$2" ] || { echo "usage: $0 ARCHIVE DIR" >&2; exit 64; }
    mkdir -p "$2"
    tar -C "$2" -xJf "$1"
    [ ! -e "$2/pwsh.exe" ] || [ -e "$2/powershell.exe" ] || cp "$2/pwsh.exe" "$2/powershell.exe"
    [ ! -e "$2/pwsh" ] || chmod +x "$2/pwsh"
    echo "unpacked to $2" ;;
  wine)
    [ -n "$3" ] || { echo "usage: $0 wine PREFIX DIR" >&2; exit 64; }
    dir=$(cd "$3" && pwd); v=$2/drive_c/windows/system32/WindowsPowerShell
    mkdir -p "$v"; rm -rf "$v/v1.0"; ln -s "$dir" "$v/v1.0"
    # without this the host starts itself a second time (0.3 s), see README
    WINEPREFIX=$2 WINEDEBUG=-all wine reg add 'HKCU\Environment' /v DOTNET_EnableWriteXorExecute /d 0 /f >/dev/null
    echo "linked $v/v1.0" ;;
  *) echo "usage: $0 ARCHIVE DIR | wine PREFIX DIR" >&2; exit 64 ;;
esac
