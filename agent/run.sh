#!/usr/bin/env bash
# Runs the agent until it is stopped with Ctrl-C or SIGTERM. See ./run.sh --help.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ "$(id -u)" -eq 0 ] && [ -z "${AGENT_ALLOW_RUNASROOT:-}" ]; then
    echo "Must not run interactively with sudo" >&2
    echo "Jobs would run as root. Use another user, or set AGENT_ALLOW_RUNASROOT=1 if that is what you want." >&2
    exit 1
fi

exec "$root/bin/roost-agent" run --root "$root" "$@"
