#!/bin/bash
# The steps of make test-package inside the fresh root: the commands of docs/how-to/install.md, and the commands of the
# units as systemd runs them. No systemd runs here; systemctl knows that and does nothing.
set -euo pipefail
cd /root

began=$SECONDS
say() { echo "== $((SECONDS - began)) s: $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

# Print the commands of a section of the manual.
manual() {
    awk -v heading="## $1" '/^## /{on = ($0 == heading); next} on && /^```sh$/{code = 1; next} /^```/{code = 0} on && code' /root/install.md
}

# Run the command of a unit as systemd does: its user, folder, umask, variables and credentials, without any capability.
run_unit() {
    local unit=/usr/lib/systemd/system/$1 credentials=/run/credentials/$1 variables=() words
    while IFS= read -r variable; do
        variables+=("${variable//%d/$credentials}")
    done < <(sed -n 's/^Environment=//p' "$unit")
    while IFS=: read -r name path; do
        mkdir -p "$credentials"
        install -m 0400 -o sms-gateway -g sms-gateway "$path" "$credentials/$name"
        chown sms-gateway: "$credentials" && chmod 0500 "$credentials"
    done < <(sed -n 's/^LoadCredential=//p' "$unit")
    read -ra words < <(sed -n 's/^ExecStart=//p' "$unit")
    cd "$(sed -n 's/^WorkingDirectory=//p' "$unit")"
    umask "$(sed -n 's/^UMask=//p' "$unit")"
    exec setpriv --reuid=sms-gateway --regid=sms-gateway --init-groups --bounding-set=-all --inh-caps=-all --no-new-privs \
        env -i PATH="$PATH" LANG=C.UTF-8 "${variables[@]}" "${words[@]}"
}

# Serve until one text of the simulated carrier is answered.
answer_a_text() {
    local scenario=/tmp/scenario.toml service
    printf 'bind_seconds = 30\nseconds = 30\n[[texts]]\ntext = "%s"\nsender = "%s"\n' "$1" "$2" >$scenario
    (run_unit sms-gateway.service) >/tmp/service.log 2>&1 &
    service=$!
    setpriv --reuid=nobody --regid=nogroup --clear-groups sms-gateway simulate --scenario $scenario >/tmp/summary.json ||
        { cat /tmp/summary.json /tmp/service.log; fail "the text was not answered"; }
    kill -TERM $service
    wait $service || fail "the service ended with code $?"
    grep -E '"(answers|complete|answered)' /tmp/summary.json || true
}

has() { [ "$(stat -c '%a %U:%G' "$1")" = "$2" ] || fail "$1: $(stat -c '%a %U:%G' "$1"), not $2"; }
gone() { for path; do [ ! -e "$path" ] || fail "$path is still there"; done; }
there() { for path; do [ -e "$path" ] || fail "$path is gone"; done; }

export DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1
echo 'APT::Get::Assume-Yes "true"; APT::Install-Recommends "false"; Dpkg::Use-Pty "0";' >/etc/apt/apt.conf.d/90test

say "install"
bash -euc "$(manual Install)"
has /var/lib/sms-gateway "700 sms-gateway:sms-gateway"
has /var/backups/sms-gateway "700 sms-gateway:sms-gateway"
has /etc/sms-gateway "750 root:sms-gateway"
has /etc/sms-gateway/secrets "750 root:sms-gateway"
[ -z "$(dpkg-query --show --showformat '${Conffiles}' sms-gateway)" ] || fail "the package has conffiles"
gone /etc/sms-gateway/gateway.toml
for unit in sms-gateway.service sms-gateway-backup.timer; do
    systemctl is-enabled --quiet "$unit" || fail "$unit is not enabled"
done
systemd-analyze verify /usr/lib/systemd/system/sms-gateway*.service /usr/lib/systemd/system/sms-gateway*.timer
for unit in sms-gateway.service sms-gateway-backup.service sms-gateway-failed@.service; do
    # The threshold is in tenths: the service needs the network, so it cannot be 0.
    systemd-analyze security --offline=true --no-pager --threshold=20 "$unit" >/tmp/security.txt || { cat /tmp/security.txt; fail "$unit"; }
    tail -n 1 /tmp/security.txt
done

say "settings, keys and database"
echo secret >/root/password
set_up() {  # what init prints on its standard output opens the log-in
    local given="--yes --no-try --smpp-host 127.0.0.1 --smpp-port 2775 --system-id gateway --smpp-password-file /root/password"
    bash -euo pipefail -c "$(manual 'Settings, keys and database' | sed "s|--owner sms-gateway|& $given --address https://sms.example >/dev/null|")"
}
set_up
has /etc/sms-gateway/keys "640 root:sms-gateway"
has /var/lib/sms-gateway/gateway.db "600 sms-gateway:sms-gateway"

say "first text"
bash -euc "$(manual Start | grep -v nginx)"
answer_a_text HD 84905000001
say "the first text is answered"

say "nightly copy"
(run_unit sms-gateway-backup.service)
[ "$(ls /var/backups/sms-gateway | wc -l)" = 1 ] || fail "there is no copy"
touch -d '20 days ago' /var/backups/sms-gateway/*
sleep 1
(run_unit sms-gateway-backup.service)
[ "$(ls /var/backups/sms-gateway | wc -l)" = 1 ] || fail "the old copy is still there"

say "other keys"
bash -euo pipefail -c "cd /var/lib/sms-gateway
$(manual 'Settings, keys and database' | grep '^gw()')
$(manual 'Change the keys')
gw keys list"
has /etc/sms-gateway/keys "640 root:sms-gateway"
answer_a_text "HD DVC" 84905000002

say "upgrade"
before=$(stat -c %i /var/lib/sms-gateway/gateway.db)
(cd next && bash -euc "$(manual Upgrade | head -1)")
sms-gateway --version | grep post1 || fail "the new version is not installed"
[ "$before" = "$(stat -c %i /var/lib/sms-gateway/gateway.db)" ] || fail "the database is another one"
answer_a_text "HD TK" 84905000003

say "remove"
apt-get remove sms-gateway >/dev/null
gone /opt/sms-gateway /usr/bin/sms-gateway /usr/lib/systemd/system/sms-gateway.service
there /var/lib/sms-gateway/gateway.db /etc/sms-gateway/keys /etc/sms-gateway/gateway.toml

say "purge keeps data"
apt-get purge sms-gateway >/dev/null
there /var/lib/sms-gateway/gateway.db /etc/sms-gateway/keys /etc/sms-gateway/gateway.toml /var/backups/sms-gateway

say "install again: the data is used"
bash -euc "$(manual Install)" >/dev/null
answer_a_text HD 84905000004

say "purge deletes data when debconf was told"
bash -euc "$(manual Remove)" >/dev/null
gone /opt/sms-gateway /var/lib/sms-gateway /etc/sms-gateway /var/backups/sms-gateway

say "install once more, for systemd"
bash -euc "$(manual Install)" >/dev/null
set_up
bash /root/units_in_root.sh prepare
say "all steps without systemd are done"
