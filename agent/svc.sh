#!/usr/bin/env bash
# Runs the agent as a service of this machine: ./svc.sh install [USER] [--hardening usual|strict|off] | start | stop | status | uninstall, as root.
# With systemd it is a unit; without, a process of its own that is started again when it fails.
# --hardening strict (or --strict) is for jobs that need no privileges: no sudo, no podman, no devices, no files but the agent's own.
# exit codes: 0 done, 1 it failed, 3 not running or not installed (status), 64 wrong use, 77 not root

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1

fail() { echo "svc.sh: $1" >&2; [ -z "${2:-}" ] || echo "$2" >&2; exit "${3:-1}"; }
usage() { echo "usage: ./svc.sh install [USER] [--hardening usual|strict|off] | start | stop | status | uninstall" >&2; exit 64; }

case ${1:-} in
--help | -h) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
install | start | stop | status | uninstall) ;;
*) usage ;;
esac
[ "$(id -u)" -eq 0 ] || fail "must run as root" "Run it with sudo." 77
[ -x bin/roost-agent ] || fail "$root is no agent's folder"
# Written by config.sh, with the agent's pool and name.
[ -e .agent ] || fail "the agent is not configured" "Run ./config.sh first."

# The name of the service is kept, so that it is found again.
field() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" .agent | head -n 1; }
clean() { printf '%s' "$1" | tr -c 'A-Za-z0-9_.\n-' '_'; }
name=roost.agent.$(clean "$(field serverUrl | sed 's,^[a-z]*://,,; s,/$,,')").$(clean "$(field agentName)").service
unit=/etc/systemd/system/$name
pidfile=_diag/service.pid
# What systemd would take for something else in a unit.
literal() { printf '%s' "$1" | sed 's/%/%%/g'; }
# The same for one of several words in a line.
quoted() { printf '"%s"' "$(literal "$1" | sed 's/[\\"]/\\&/g')"; }
# ROOST_NO_SYSTEMD=1 does without it.
has_systemd() { [ -z "${ROOST_NO_SYSTEMD:-}" ] && [ -d /run/systemd/system ]; }

# The supervisor of machines without systemd: one process group, which stop ends as a whole.
supervisor() { [ -e "$pidfile" ] && pid=$(cat "$pidfile") && [ -n "$pid" ] && grep -qs "service.run" "/proc/$pid/cmdline"; }

# What harms no job: these capabilities are of no use to one that becomes root, or in containers. Most other settings of systemd would be: with a user
# they all forbid sudo and the programs that map users for podman, or they cover parts of /proc, and then no job can be given a /proc of its own.
usual_hardening() {
    cat <<'UNIT'
CapabilityBoundingSet=~CAP_SYS_BOOT CAP_SYS_TIME CAP_WAKE_ALARM CAP_SYSLOG CAP_MAC_ADMIN CAP_MAC_OVERRIDE
CapabilityBoundingSet=~CAP_AUDIT_CONTROL CAP_AUDIT_READ CAP_SYS_PACCT CAP_BLOCK_SUSPEND
UNIT
}

# For jobs that need no privileges. What isolation of jobs needs stays: namespaces, mounts, a /proc that nothing covers, control groups.
strict_hardening() {
    local work
    cat <<UNIT
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths=$(quoted "$root")
# Only the agent's folder is seen of homes; jobs have one of their own there.
ProtectHome=tmpfs
BindPaths=$(quoted "$root")
Environment=$(quoted "HOME=$root/_home")
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelModules=yes
ProtectClock=yes
ProtectHostname=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=user mnt pid ipc net
SystemCallArchitectures=native
SystemCallFilter=~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap
SystemCallErrorNumber=EPERM
RemoveIPC=yes
UNIT
    work=$(field workFolder)
    case $work in /*) printf 'BindPaths=%s\nReadWritePaths=%s\n' "$(quoted "$work")" "$(quoted "$work")" ;; esac
}

case $1 in
install)
    [ ! -e .service ] || fail "already installed as $(head -n 1 .service)" "Run ./svc.sh uninstall first."
    shift
    user='' hardening=usual
    while [ $# -gt 0 ]; do
        case $1 in
        --strict) hardening=strict ;;
        --hardening) shift; hardening=${1:-} ;;
        --hardening=*) hardening=${1#*=} ;;
        -*) usage ;;
        *) [ -z "$user" ] || usage; user=$1 ;;
        esac
        [ $# -eq 0 ] || shift
    done
    case $hardening in usual | strict | off) ;; *) fail "'$hardening' is no value for --hardening" "It is usual, strict or off." 64 ;; esac
    user=${user:-${SUDO_USER:-root}}
    id "$user" >/dev/null 2>&1 || fail "there is no user '$user'"
    chown -R "$user" "$root" || fail "the folder cannot be given to '$user'"
    mkdir -p _diag && chown "$user" _diag
    if [ $hardening = strict ]; then
        has_systemd || fail "--hardening strict needs systemd" "Without it nothing can keep a service from the rest of the machine."
        [ "$user" != root ] || fail "--hardening strict needs a user that is not root" "Make one: useradd --create-home build; then: ./svc.sh install build --strict."
        mkdir -p _home && chown "$user" _home && chmod 700 _home || fail "$root/_home cannot be made"
    fi
    if has_systemd; then
        cat >"$unit" <<UNIT || fail "$unit cannot be written"
[Unit]
Description=Roost agent $(literal "$(field agentName)")
After=network-online.target
Wants=network-online.target
# It comes back however often it fails.
StartLimitIntervalSec=0

[Service]
# It says when it is up, and again and again that it is not stuck.
Type=notify
NotifyAccess=main
WatchdogSec=30
WatchdogSignal=SIGKILL
# The folder may have blanks and other letters that are not possible in the name of a program here.
ExecStart=/bin/sh -c 'exec bin/roost-agent run --root "\$\$PWD"'
User=$user
WorkingDirectory=$(literal "$root")
$([ "$user" != root ] || echo Environment=AGENT_ALLOW_RUNASROOT=1)
KillMode=mixed
KillSignal=SIGTERM
TimeoutStopSec=5min
Restart=always
RestartSec=3
# A job that takes all memory is ended, and not its agent.
OOMPolicy=continue
# Limits of jobs are the agent's to set.
Delegate=yes
$([ $hardening = off ] || "${hardening}_hardening")

[Install]
WantedBy=multi-user.target
UNIT
        systemctl daemon-reload && systemctl enable --quiet "$name" || fail "systemd does not take the unit"
    fi
    printf '%s\n%s\n' "$name" "$user" >.service
    echo "Installed $name for the user $user, hardening: $(has_systemd && echo $hardening || echo 'none, without systemd')."
    ;;
start)
    [ -e .service ] || fail "not installed" "Run ./svc.sh install USER first."
    if has_systemd; then systemctl start "$name" || fail "it did not start" "See journalctl -u $name."; exit 0; fi
    supervisor && { echo "$name runs already."; exit 0; }
    user=$(sed -n 2p .service)
    rm -f _diag/service.stop
    # Nothing of the caller's environment goes along but what a service has.
    env -i PATH="$PATH" HOME="$(getent passwd "$user" | cut -d: -f6)" USER="$user" LOGNAME="$user" \
        AGENT_ALLOW_RUNASROOT="$([ "$user" = root ] && echo 1)" \
        setsid setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups \
        bash -c '
            # Nothing the caller had open stays open: whoever waits for its end would wait for the service.
            for fd in /proc/$$/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || eval "exec $fd>&-"; done
            echo $$ >_diag/service.pid
            trap "touch _diag/service.stop; kill -TERM \$agent 2>/dev/null" TERM
            until [ -e _diag/service.stop ]; do
                bin/roost-agent run --root "$0" & agent=$!
                while wait $agent; code=$?; kill -0 $agent 2>/dev/null; do :; done
                # 0 is an end that was asked for; a configuration that is gone is no reason to come back.
                [ $code -ne 0 ] && [ -e .agent ] || break
                for _ in 1 2 3 4 5; do [ -e _diag/service.stop ] || { sleep 1 & wait $!; }; done
            done
            rm -f _diag/service.pid
        ' "$root" service.run >>_diag/service.log 2>&1 </dev/null &
    for _ in $(seq 50); do supervisor && break; sleep 0.1; done
    supervisor || fail "it did not start" "See $root/_diag/service.log."
    echo "Started $name."
    ;;
stop)
    [ -e .service ] || fail "not installed"
    if has_systemd; then systemctl stop "$name"; exit $?; fi
    supervisor || { echo "$name does not run."; exit 0; }
    # By a file, since a signal may be held back from a shell that somebody else started so.
    touch _diag/service.stop
    kill -TERM $(cat "/proc/$pid/task/$pid/children") 2>/dev/null
    for _ in $(seq 3000); do supervisor || break; sleep 0.1; done
    supervisor && fail "it did not stop in five minutes"
    echo "Stopped $name."
    ;;
status)
    [ -e .service ] || { echo "not installed"; exit 3; }
    if has_systemd; then systemctl --no-pager status "$name"; exit $?; fi
    if supervisor; then echo "$name runs as process $pid of $(sed -n 2p .service)."; else echo "$name does not run."; exit 3; fi
    ;;
uninstall)
    [ -e .service ] || fail "not installed"
    # 5: there is no such unit any more, or none that can be read.
    "$0" stop || { has_systemd && ! systemctl --quiet is-active "$name"; } || exit 1
    if has_systemd; then systemctl disable --quiet "$name"; rm -f "$unit"; systemctl daemon-reload; fi
    rm -f .service
    echo "Uninstalled $name."
    ;;
esac
