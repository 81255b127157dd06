#!/usr/bin/env bash
# For images: each machine of an image joins by itself when it starts. What it joins is handed to the machine, and is never in the image.
# usage, as root: ./boot.sh install USER    while the image is built: USER is who runs jobs
#                 ./boot.sh run             when a machine starts: registers, the first time, and runs the agent
# Lines that are handed in: ROOST_URL=…, ROOST_POOL=…, ROOST_TOKEN=…; ROOST_AGENT=NAME and ROOST_HOST=ADDRESS NAME may be left out, and ROOST_AUTHORITY=PEM,
# in Base64 on one line: certificates of authorities that the agent and its jobs trust beside the system's.
# They are looked for in the file /run/roost/boot, and in what QEMU hands over as opt/roost/boot.
# A line ROOST_PORT=ttyS1 names a serial port: without a server the machine says there that it is ready, and waits there for its lines.
# exit codes: 0 done, 1 it failed, 64 wrong use, 77 not root

fail() { echo "boot.sh: $1" >&2; [ -z "${2:-}" ] || echo "$2" >&2; exit "${3:-1}"; }
usage() { echo "usage: ./boot.sh install USER | run" >&2; exit 64; }

# What root runs when a machine starts is kept where jobs cannot change it, with the agent's folder and user.
program=/etc/roost/boot
settings=/etc/roost/boot.settings
file=/run/roost/boot
given=/sys/firmware/qemu_fw_cfg/by_name/opt/roost/boot/raw
lines=/run/roost/lines
ssh_units=(ssh.socket sshd.socket ssh.service sshd.service)

install_boot() {
    id "$1" >/dev/null 2>&1 || fail "there is no user '$1'" "Make it first: useradd --create-home $1."
    root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    [ -x "$root/bin/roost-agent" ] || fail "$root is no agent's folder"
    [ ! -e "$root/.agent" ] || fail "an agent is configured here" "An image has none: each machine of it registers by itself."
    chown -R "$1" "$root" || fail "the folder cannot be given to '$1'"
    mkdir -p /etc/roost && printf '%s\n%s\n' "$root" "$1" >"$settings" && cp "${BASH_SOURCE[0]}" "$program" &&
        chmod 755 "$program" || fail "/etc/roost cannot be written"
    if [ -e /lib/systemd/systemd ]; then
        # systemd does not run while an image is built.
        mkdir -p /etc/systemd/system/multi-user.target.wants
        cat >/etc/systemd/system/roost-boot.service <<'UNIT' || exit 1
[Unit]
Description=Roost agent of this image
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=/etc/roost/boot run
KillMode=mixed
TimeoutStopSec=5min
Restart=on-failure
RestartSec=5
StandardOutput=journal+console
StandardError=journal+console

[Install]
WantedBy=multi-user.target
UNIT
        ln -sf ../roost-boot.service /etc/systemd/system/multi-user.target.wants/roost-boot.service || exit 1
    fi
    echo "Machines of this image run an agent for '$1'."
}

# Nothing but these names is taken.
read_values() {
    local source=$file line
    if [ ! -r "$source" ]; then
        [ -d /sys/firmware/qemu_fw_cfg ] || modprobe -q qemu_fw_cfg 2>/dev/null
        source=$given
    fi
    [ -r "$source" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do take "$line"; done < <(tr -d '\0' <"$source")
    # Jobs may not find it.
    [ "$source" != "$file" ] || rm -f "$file"
}

take() {
    local value=${1#*=}
    case ${1%%=*} in
    ROOST_URL) url=$value ;;
    ROOST_POOL) pool=$value ;;
    ROOST_TOKEN) token=$value ;;
    ROOST_AGENT) agent=$value ;;
    ROOST_HOST) host=$value ;;
    ROOST_AUTHORITY) authority=$value ;;
    ROOST_NAME) name=$value ;;
    ROOST_PORT) port=$value ;;
    ROOST_KEY) key=$value ;;
    esac
}

# Waits in a memory that is saved now: machines begin in it that have nothing else of their own, and no keys of others.
wait_for_values() {
    local line
    # What the machine starts by itself has started before.
    [ ! -d /run/systemd/system ] || timeout 120 systemctl is-system-running --wait >/dev/null 2>&1
    if [ -d /run/systemd/system ]; then systemctl stop "${ssh_units[@]}" 2>/dev/null; fi
    rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
    load_agent
    sync
    while IFS= read -r line; do take "$line"; done < <(bin/roost-agent wake --port "$port")
    [ -n "$url" ] || fail "nobody said at $port which server to join"
    new_number
    # The first is there before a job is; others take long.
    new_key ed25519
    finish_own </dev/null >/dev/null 2>&1 7>&- &
}

# The agent is loaded before, and waits for its lines at a pipe that only root can open.
load_agent() {
    as_user bash -c '. ./env.sh'
    (umask 077 && mkdir -p /run/roost && rm -f "$lines" && mkfifo "$lines") || fail "$lines cannot be made"
    exec 7<>"$lines"
    as_user bin/roost-agent boot --root "$root" <"$lines" 7>&- &
    child=$!
}

# What it joins; it registers and listens in one process.
tell_agent() {
    printf '%s\n' "ROOST_URL=$url" "ROOST_POOL=$pool" "ROOST_AGENT=$agent" "ROOST_TOKEN=$token" ${key:+"ROOST_KEY=$key"} \
        ${authority:+"ROOST_AUTHORITY=$authority"} >&7
    exec 7>&-
    rm -f "$lines"
}

finish_own() {
    local unit
    new_key ecdsa
    new_key rsa
    [ -d /run/systemd/system ] || return 0
    for unit in "${ssh_units[@]}"; do systemctl is-enabled --quiet "$unit" && systemctl start "$unit"; done
    # The journal knows the number under which it began.
    systemctl try-restart systemd-journald.service
}

new_key() {
    [ -e /etc/ssh/sshd_config ] && command -v ssh-keygen >/dev/null || return 0
    ssh-keygen -q -t "$1" -N '' -C "root@$(uname -n)" -f "/etc/ssh/ssh_host_$1_key"
}

new_number() {
    rm -f /etc/machine-id
    printf '%s\n' "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" >/etc/machine-id && chmod 444 /etc/machine-id ||
        fail "/etc/machine-id cannot be written"
    # A link to it as a rule.
    [ ! -f /var/lib/dbus/machine-id ] || [ -L /var/lib/dbus/machine-id ] || cp /etc/machine-id /var/lib/dbus/machine-id
}

new_name() {
    [ "$(uname -n)" != "$1" ] || return 0
    printf '%s\n' "$1" >/etc/hostname
    printf '%s\n' "$1" >/proc/sys/kernel/hostname || fail "the machine cannot be called '$1'"
    grep -qwF "$1" /etc/hosts 2>/dev/null || printf '127.0.1.1 %s\n' "$1" >>/etc/hosts
}

# Who made the machine hears that it came up, and that it could also have waited.
tell_up() { [ -z "$port" ] || [ ! -c "/dev/$port" ] || [ -e /etc/roost/from-disk ] || printf 'up\n' >"/dev/$port"; }

# What each machine has of its own, and an image has not. systemd makes it where it runs.
make_own() {
    [ ! -d /run/systemd/system ] || return 0
    grep -qE '^[0-9a-f]{32}$' /etc/machine-id 2>/dev/null || new_number
    if [ -e /etc/ssh/sshd_config ] && command -v ssh-keygen >/dev/null && ! compgen -G '/etc/ssh/ssh_host_*_key' >/dev/null; then
        ssh-keygen -A >/dev/null || fail "the keys of the SSH server could not be made"
    fi
}

# OpenSSL, curl, git and Python take a file in the place of the system's, Node one beside its own.
trust() {
    printf '%s' "$1" | base64 -d >authority.pem && [ -s authority.pem ] || fail "the authority that this machine was handed cannot be read"
    local system
    for system in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem /dev/null; do
        [ ! -r "$system" ] || break
    done
    cat "$system" authority.pem >authorities.pem && chmod 644 authority.pem authorities.pem || fail "$root cannot be written"
    grep -qs authorities.pem .env || {
        for name in SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO REQUESTS_CA_BUNDLE; do echo "$name=$root/authorities.pem"; done
        echo "NODE_EXTRA_CA_CERTS=$root/authority.pem"
    } >>.env || fail "$root/.env cannot be written"
}

as_user() {
    env -i PATH="$PATH" HOME="$home" USER="$user" LOGNAME="$user" LANG="${LANG:-C.UTF-8}" \
        AGENT_ALLOW_RUNASROOT="$([ "$user" = root ] && echo 1)" "${become[@]}" "$@"
}

run_agent() {
    [ -r "$settings" ] || fail "this image is not prepared" "Run ./boot.sh install USER while it is built."
    { IFS= read -r root && IFS= read -r user; } <"$settings" && cd "$root" || fail "$settings names no folder of an agent"
    home=$(getent passwd "$user" | cut -d: -f6)
    become=()
    [ "$user" = root ] || become=(setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups)
    url='' pool=Default token='' agent='' host='' authority='' trusting=() name='' port='' key='' child=''
    read_values
    if [ -n "$port" ] && [ -z "$url" ] && [ ! -e .agent ]; then wait_for_values; fi
    make_own
    [ -z "$name" ] || new_name "$name"
    if [ -n "$host" ] && ! grep -qxF "$host" /etc/hosts 2>/dev/null; then printf '%s\n' "$host" >>/etc/hosts; fi
    if [ ! -e .agent ]; then
        [ -n "$url" ] && [ -n "$token" ] || fail "this machine was not told which server to join" "Hand in ROOST_URL and ROOST_TOKEN when it starts."
        if [ -n "$authority" ] && [ -z "$child" ]; then trust "$authority" && trusting=(--sslcacert "$root/authority.pem"); fi
        [ -n "$agent" ] || agent=$(uname -n)-$(od -An -N4 -tx1 /dev/urandom | tr -d ' ')
        if [ -n "$child" ]; then
            tell_agent
        else
            # The token goes through a pipe: neither a command line nor an environment shows it.
            printf '%s\n' "$token" | as_user ./config.sh --unattended --url "$url" --auth pat --token - --pool "$pool" --agent "$agent" \
                --acceptTeeEula "${trusting[@]}" || fail "the agent could not register"
            tell_up
        fi
    fi
    unset token key
    if [ -z "$child" ]; then
        as_user ./run.sh &
        child=$!
    fi
    trap 'kill -TERM "$child" 2>/dev/null' TERM INT HUP
    while :; do
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || exit "$code"
    done
}

case ${1:-} in
--help | -h) sed -n '2,9s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
install) [ $# -eq 2 ] || usage ;;
run) [ $# -eq 1 ] || usage ;;
*) usage ;;
esac
[ "$(id -u)" -eq 0 ] || fail "must run as root" "Run it with sudo." 77
case $1 in install) install_boot "$2" ;; run) run_agent ;; esac
