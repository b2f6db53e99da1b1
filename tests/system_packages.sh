#!/bin/sh
# The programs that tests drive and pip cannot bring: a browser, tshark, Kannel, PgBouncer, gpg. Installed when that can be done
# without asking anybody; else one line says what would bring them. The tests that need them say so when skipped.
set -u

wanted=""
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || wanted="chromium-headless-shell"
command -v tshark >/dev/null 2>&1 || wanted="$wanted tshark"
[ -x /usr/sbin/bearerbox ] || command -v bearerbox >/dev/null 2>&1 || wanted="$wanted kannel"
[ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null 2>&1 || wanted="$wanted pgbouncer"
command -v gpg >/dev/null 2>&1 || wanted="$wanted gnupg"
[ -z "$wanted" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing by apt-get: $wanted"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # two words are two packages
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null && exit 0
fi
echo "hint: for every test to run, install: $wanted   (Debian: apt-get install $wanted)"
exit 0
