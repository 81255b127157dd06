#!/usr/bin/env bash
# Sets this machine up as an agent: reads a token from a vault with the machine's identity, registers, installs and starts the service.
# usage, as root: ./install.sh VAULT SECRET POOL AGENT USER
# The server and the vaults' suffix are found from the machine's metadata endpoint; ROOST_URL and ROOST_VAULT_SUFFIX win.
# exit codes: 0 the agent is online, 1 it failed and nothing is left, 64 wrong use, 77 not root

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1

fail() { echo "install.sh: $1" >&2; [ -z "${2:-}" ] || echo "$2" >&2; exit "${3:-1}"; }

case ${1:-} in --help | -h) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;; esac
[ $# -eq 5 ] || fail "five arguments are needed, and there are $#" "usage: ./install.sh VAULT SECRET POOL AGENT USER" 64
[ "$(id -u)" -eq 0 ] || fail "must run as root" "Run it with sudo." 77
vault=$1 secret=$2 pool=$3 agent=$4 user=$5
id "$user" >/dev/null 2>&1 || fail "there is no user '$user'" "Make it first: useradd --create-home $user."
[ ! -e .agent ] || fail "an agent is configured here already" "Run ./svc.sh uninstall and ./config.sh remove first."

# Where the machine's endpoint is; root alone reads the file.
[ -z "${IDENTITY_ENDPOINT:-}${AZURE_POD_IDENTITY_AUTHORITY_HOST:-}" ] && [ -r /etc/roost/identity.env ] && {
    set -a
    . /etc/roost/identity.env
    set +a
}

owner=$(stat -c %U "$root")
undo() {
    [ ! -e .service ] || ./svc.sh uninstall >/dev/null 2>&1
    [ ! -e .agent ] || as_user ./config.sh remove >/dev/null 2>&1
    rm -rf _diag .env .path
    chown -R "$owner" "$root"
}

# Nothing of the machine's identity goes along to the agent.
as_user() {
    env -u IDENTITY_ENDPOINT -u IDENTITY_HEADER -u AZURE_POD_IDENTITY_AUTHORITY_HOST \
        AGENT_ALLOW_RUNASROOT="$([ "$user" = root ] && echo 1)" \
        HOME="$(getent passwd "$user" | cut -d: -f6)" setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "$@"
}

url=${ROOST_URL:-$(bin/roost-agent machine-fact --fact roost-url)} || fail "the server's address is not known" "Set ROOST_URL."
token=$(bin/roost-agent read-secret --vault "$vault" --secret "$secret" ${ROOST_CACERT:+--sslcacert "$ROOST_CACERT"}) || fail "the token could not be read" "Nothing was changed."
chown -R "$user" "$root" || fail "the folder cannot be given to '$user'"
trap 'undo; exit 1' INT TERM HUP
# The token goes through a pipe: neither a command line nor an environment shows it.
printf '%s\n' "$token" | as_user ./config.sh --unattended --url "$url" --auth pat --token - --pool "$pool" --agent "$agent" \
    ${ROOST_CACERT:+--sslcacert "$ROOST_CACERT"} --acceptTeeEula || { undo; fail "the agent could not register"; }
unset token
./svc.sh install "$user" && ./svc.sh start && ./svc.sh status || { undo; fail "the service could not be started"; }
bin/roost-agent wait-online --root "$root" || { undo; fail "the agent is registered but did not come online" "See _diag."; }
echo "The agent '$agent' is online in the pool '$pool'."
