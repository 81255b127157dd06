#!/usr/bin/env bash
# Runs the agent as the main process of a container: configures it from VSTS_AGENT_INPUT_ variables on the first start, starts it
# again when it asks for that, and takes the registration back at the end when ROOST_AGENT_REMOVE is set and a token is there.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
token=${VSTS_AGENT_INPUT_TOKEN:-}

if [ ! -e "$root/.agent" ]; then
    "$root/config.sh" --unattended --replace || exit
fi

# Neither the listener nor a job needs the token.
unset VSTS_AGENT_INPUT_TOKEN

leave() {
    if [ -n "${ROOST_AGENT_REMOVE:-}" ] && [ -n "$token" ]; then
        VSTS_AGENT_INPUT_TOKEN=$token "$root/config.sh" remove --unattended
    fi
}

stopped=
trap 'stopped=1; [ -n "${listener:-}" ] && kill -TERM "$listener"' TERM INT

while :; do
    "$root/run.sh" "$@" &
    listener=$!
    # A signal ends one wait; the listener takes its time.
    while :; do
        wait "$listener"
        code=$?
        kill -0 "$listener" 2>/dev/null || break
    done
    case $code in
    2 | 3 | 4) [ -n "$stopped" ] || { sleep 5; continue; } ;;
    esac
    leave
    exit "$code"
done
