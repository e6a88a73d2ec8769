#!/bin/sh
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one guest as a hypervisor would: gives it its disk, boots it, and boots it again whenever it reboots.
# Usage: supervise.sh IMAGE DISK NETNS NSPAWN-ARGUMENT...
# Expects a mount and a pid namespace of its own: disk and processes vanish with it, however it ends.
set -eu
image=$1 disk=$2 netns=$3
shift 3
reboot_status=133 # how systemd-nspawn --keep-unit says that the guest wants to boot again

# nspawn needs these records on a tmpfs; /run itself may be on disk.
mount -t tmpfs -o mode=0755,size=1m tmpfs /run/systemd/nspawn
mount -t overlay overlay -o "lowerdir=$image,upperdir=$disk/upper,workdir=$disk/work" "$disk/root"

while :; do
    # The namespace outlives the boot; with the last boot's addresses in place dhclient fails ("File exists").
    nsenter --net="$netns" sh -c \
        'ip address flush dev eth0; ip route flush table main; nft flush ruleset; ip link set eth0 down' || true
    status=0
    systemd-nspawn --quiet --directory="$disk/root" --register=no --keep-unit --boot \
        --network-namespace-path="$netns" --capability=CAP_NET_ADMIN \
        --console=pipe --resolv-conf=off --timezone=off --link-journal=no "$@" || status=$?
    [ "$status" -eq "$reboot_status" ] || exit "$status"
done
