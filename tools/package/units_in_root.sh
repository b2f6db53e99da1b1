#!/bin/bash
# What systemd runs in the root of make test-package: the service answers, the socket and the nightly copy work, it stops.
# `units_in_root.sh prepare` makes the unit that runs this.
set -uo pipefail

if [ "${1:-}" = prepare ]; then
    cat >/etc/systemd/system/try.target <<'END'
[Unit]
Requires=multi-user.target try.service
END
    cat >/etc/systemd/system/try.service <<'END'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /root/units_in_root.sh
END
    exit 0
fi

exec >/root/units.log 2>&1
code=0
check() { if "${@:2}"; then echo "ok: $1"; else echo "FAILED: $1"; code=1; fi; }
state() { [ "$(systemctl show --property="$2" --value "$1")" = "$3" ]; }
is_confined() { grep -qE '^CapEff:\s0+$' "$1" && grep -qE '^Seccomp:\s2$' "$1" && grep -qE '^NoNewPrivs:\s1$' "$1"; }
ask_socket() {
    "/usr/bin/$(basename "$(readlink /opt/sms-gateway/bin/python)")" -I -c '
import http.client, socket
client = http.client.HTTPConnection("sms.example")
client.sock = socket.socket(socket.AF_UNIX)
client.sock.connect("/run/sms-gateway/web.sock")
client.request("GET", "/admin/log-in", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
answer = client.getresponse()
assert answer.status == 200 and answer.getheader("Strict-Transport-Security"), answer.status
'
}

cat >/tmp/scenario.toml <<'END'
bind_seconds = 60
seconds = 60
[[texts]]
text = "HD"
[[texts]]
text = "TK, Nguyen Van A, 201499999, 20/12/1990"
sender = "84905000009"
END
check "systemd's service answers a help and opens an account" sms-gateway simulate --scenario /tmp/scenario.toml
check "it has no capability, and a filter of system calls" \
    is_confined "/proc/$(systemctl show --property=MainPID --value sms-gateway)/status"
check "its keys are a credential, readable by it alone" \
    [ "$(stat -c '%a %U' /run/credentials/sms-gateway.service)" = "500 sms-gateway" ]
check "the proxy's group can open the socket" [ "$(stat -c '%a %G' /run/sms-gateway/web.sock)" = "660 sms-gateway-web" ]
check "what comes by the socket is believed" ask_socket
check "the nightly copy is made" systemctl start sms-gateway-backup.service
check "it is there" test -n "$(ls /var/backups/sms-gateway)"
check "the service never started again" state sms-gateway NRestarts 0
export DEBIAN_FRONTEND=noninteractive
check "an upgrade is installed while it runs" bash -c 'dpkg --install /root/next/*.deb >/dev/null'
check "the upgrade started it again" systemctl is-active --quiet sms-gateway
check "it is the new version" bash -c 'sms-gateway --version | grep -q post1'
sleep 10
check "and not a second time" state sms-gateway NRestarts 0
reports() { journalctl --no-pager --unit=sms-gateway-failed@sms-gateway.service | grep --count "nobody is told that sms-gateway failed"; }
systemctl kill --signal=KILL --kill-whom=main sms-gateway
sleep 8
check "systemd started a killed service again" state sms-gateway NRestarts 1
check "and its end was reported" [ "$(reports)" = 1 ]
check "the service stops" systemctl stop sms-gateway
check "it ended well" state sms-gateway Result success
check "an orderly stop is no failure" [ "$(reports)" = 1 ]
check "nothing went wrong in a thread" bash -c '! journalctl --no-pager --unit=sms-gateway | grep -E "uncaught|Traceback"'
[ $code = 0 ] || journalctl --no-pager --lines=80
echo $code >/root/units.code
systemctl exit
