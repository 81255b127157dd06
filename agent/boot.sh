#!/usr/bin/env bash
# For images: each machine of an image joins by itself when it starts. What it joins is handed to the machine, and is never in the image.
# usage, as root: ./boot.sh install USER    while the image is built: USER is who runs jobs
#                 ./boot.sh run             when a machine starts: registers, the first time, and runs the agent
# Lines that are handed in: ROOST_URL=…, ROOST_POOL=…, ROOST_TOKEN=…; ROOST_AGENT=NAME and ROOST_HOST=ADDRESS NAME may be left out, and ROOST_AUTHORITY=PEM,
# in Base64 on one line: certificates of authorities that the agent and its jobs trust beside the system's.
# They are looked for in the file /run/roost/boot, and in what QEMU hands over as opt/roost/boot.
# exit codes: 0 done, 1 it failed, 64 wrong use, 77 not root

fail() { echo "boot.sh: $1" >&2; [ -z "${2:-}" ] || echo "$2" >&2; exit "${3:-1}"; }
usage() { echo "usage: ./boot.sh install USER | run" >&2; exit 64; }

# What root runs when a machine starts is kept where jobs cannot change it, with the agent's folder and user.
program=/etc/roost/boot
settings=/etc/roost/boot.settings
file=/run/roost/boot
given=/sys/firmware/qemu_fw_cfg/by_name/opt/roost/boot/raw

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
    local source=$file name value
    if [ ! -r "$source" ]; then
        [ -d /sys/firmware/qemu_fw_cfg ] || modprobe -q qemu_fw_cfg 2>/dev/null
        source=$given
    fi
    [ -r "$source" ] || return 0
    while IFS='=' read -r name value || [ -n "$name" ]; do
        case $name in
        ROOST_URL) url=$value ;;
        ROOST_POOL) pool=$value ;;
        ROOST_TOKEN) token=$value ;;
        ROOST_AGENT) agent=$value ;;
        ROOST_HOST) host=$value ;;
        ROOST_AUTHORITY) authority=$value ;;
        esac
    done < <(tr -d '\0' <"$source")
    # Jobs may not find it.
    [ "$source" != "$file" ] || rm -f "$file"
}

# What each machine has of its own, and an image has not. systemd makes it where it runs.
make_own() {
    [ ! -d /run/systemd/system ] || return 0
    if ! grep -qE '^[0-9a-f]{32}$' /etc/machine-id 2>/dev/null; then
        rm -f /etc/machine-id
        printf '%s\n' "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" >/etc/machine-id && chmod 444 /etc/machine-id ||
            fail "/etc/machine-id cannot be written"
    fi
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
    url='' pool=Default token='' agent='' host='' authority='' trusting=()
    read_values
    make_own
    if [ -n "$host" ] && ! grep -qxF "$host" /etc/hosts 2>/dev/null; then printf '%s\n' "$host" >>/etc/hosts; fi
    if [ ! -e .agent ]; then
        [ -n "$url" ] && [ -n "$token" ] || fail "this machine was not told which server to join" "Hand in ROOST_URL and ROOST_TOKEN when it starts."
        if [ -n "$authority" ]; then trust "$authority" && trusting=(--sslcacert "$root/authority.pem"); fi
        [ -n "$agent" ] || agent=$(uname -n)-$(od -An -N4 -tx1 /dev/urandom | tr -d ' ')
        # The token goes through a pipe: neither a command line nor an environment shows it.
        printf '%s\n' "$token" | as_user ./config.sh --unattended --url "$url" --auth pat --token - --pool "$pool" --agent "$agent" \
            --acceptTeeEula "${trusting[@]}" || fail "the agent could not register"
    fi
    unset token
    as_user ./run.sh &
    child=$!
    trap 'kill -TERM "$child" 2>/dev/null' TERM INT HUP
    while :; do
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || exit "$code"
    done
}

case ${1:-} in
--help | -h) sed -n '2,8s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
install) [ $# -eq 2 ] || usage ;;
run) [ $# -eq 1 ] || usage ;;
*) usage ;;
esac
[ "$(id -u)" -eq 0 ] || fail "must run as root" "Run it with sudo." 77
case $1 in install) install_boot "$2" ;; run) run_agent ;; esac
