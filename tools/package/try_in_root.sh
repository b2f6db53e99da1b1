#!/bin/sh
# make test-package: make a fresh root of Debian, and install, upgrade, remove and purge the Debian package there. Needs root,
# mmdebstrap, and the network only until the root is made. The argument names a folder to keep the root in; without it the
# root is deleted at the end.
set -eu

cd "$(dirname "$0")/../.."
command -v mmdebstrap >/dev/null || { echo "mmdebstrap is missing; fix: apt-get install mmdebstrap"; exit 2; }
[ "$(id -u)" = 0 ] || { echo "a root can be made and entered by root only; fix: run it as root"; exit 2; }

work=$(mktemp -d)
root=${1:-$work/root}
trap 'rm -rf "$work"' EXIT
began=$(date +%s)

echo "== building two versions"
$BUILD --once --fast "$work/first"
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' sms_gateway/__init__.py)
$BUILD --once --fast --version "$version.post1" "$work/second"
first=$(echo "$work"/first/*.deb)
second=$(echo "$work"/second/*.deb)

# Packages of Debian come from where this machine has them from.
echo "== making a root: $(($(date +%s) - began)) s"
. /etc/os-release
apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    sort -u >"$work/sources.list"
needed=$(dpkg-deb --field "$first" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/ //g')
mmdebstrap --quiet --variant=minbase --include="$needed" "$VERSION_CODENAME" "$root" "$work/sources.list"

# From here on there is no network, and no process of the root is left at the end.
echo "== trying the package: $(($(date +%s) - began)) s"
cp "$first" "$root/root/"
mkdir "$root/root/next"
cp "$second" "$root/root/next/"
cp docs/how-to/install.md tools/package/steps_in_root.sh tools/package/units_in_root.sh "$root/root/"
unshare --net --pid --fork --mount --kill-child sh -eu -c '
    mount --make-rprivate /
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/run"
    ip link set lo up
    exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root bash /root/steps_in_root.sh
' steps "$root"
echo "== starting systemd in the root: $(($(date +%s) - began)) s"
sh tools/package/boot_root.sh "$root"
echo "== done: $(($(date +%s) - began)) s"
