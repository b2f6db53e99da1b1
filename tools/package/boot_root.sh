#!/bin/sh
# The last part of make test-package: start systemd in the root, in name spaces of its own, and let it run the units. So their
# hardening is tried: system call filter, private users, credentials. Needs cgroup v2 and a kernel that allows this.
set -eu

root=$1
place=$(findmnt --noheadings --types cgroup2 --output TARGET | head -n 1)
[ -n "$place" ] || { echo "there is no cgroup v2 here, so systemd cannot be started"; exit 2; }
group=$place/sms-gateway-try
mkdir -p "$group"
trap 'find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true' EXIT

cp "$(dirname "$0")/units_in_root.sh" "$root/root/"
rm -f "$root/root/units.log" "$root/root/units.code"
# Of the host only /sys can be seen, and nothing of it or of /proc/sys can be changed. There is no network.
(echo 0 >"$group/cgroup.procs" && exec timeout --signal=KILL 300 unshare --pid --mount --net --uts --ipc --cgroup --fork --kill-child sh -euc '
    cd "$1"
    mount --make-rprivate /
    mount --bind . .
    cd "$1"
    mount -t proc proc proc
    mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys
    mount --bind /sys sys && mount -o remount,bind,ro sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs tmpfs run
    mount -t tmpfs -o mode=755 tmpfs dev
    for device in null zero full random urandom tty; do
        touch dev/$device && mount --bind /dev/$device dev/$device
    done
    mkdir dev/pts dev/shm && mount -t devpts devpts dev/pts && mount -t tmpfs tmpfs dev/shm
    ln -s pts/ptmx dev/ptmx && ln -s /proc/self/fd dev/fd
    ip link set lo up
    mkdir -p mnt/old
    pivot_root . mnt/old
    chroot . umount --lazy /mnt/old
    chroot . mount --make-rshared /
    exec chroot . /usr/bin/env -i container=try PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        setpriv --inh-caps=-all --bounding-set=-sys_time,-sys_module,-sys_rawio,-syslog,-sys_boot \
        /lib/systemd/systemd --unit=try.target --log-target=journal --show-status=0
' boot "$root") || true
cat "$root/root/units.log"
exit "$(cat "$root/root/units.code" 2>/dev/null || echo 1)"
