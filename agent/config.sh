#!/usr/bin/env bash
# Registers this agent (./config.sh), or takes the registration back (./config.sh remove). See ./config.sh --help.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ "$(id -u)" -eq 0 ] && [ -z "${AGENT_ALLOW_RUNASROOT:-}" ]; then
    echo "Must not run with sudo" >&2
    echo "Jobs would run as root. Use another user, or set AGENT_ALLOW_RUNASROOT=1 if that is what you want." >&2
    exit 1
fi

for word in "$@"; do
    case ${word,,} in
    --help | -h | --version) exec "$root/bin/roost-agent" configure --root "$root" "$@" ;;
    remove) verb=remove ;;
    reauth) verb=reauth ;;
    configure) verb=configure ;;
    esac
    break
done

case ${verb:-} in
remove | reauth | configure)
    shift
    exec "$root/bin/roost-agent" "$verb" --root "$root" "$@"
    ;;
*)
    made=()
    for file in .env .path; do [ -e "$root/$file" ] || made+=("$root/$file"); done
    # What jobs will find in their environment is that of the person who configures.
    (cd "$root" && . ./env.sh)
    "$root/bin/roost-agent" configure --root "$root" "$@" <&0 &
    agent=$!
    trap 'kill -TERM "$agent" 2>/dev/null' INT TERM HUP
    while :; do
        wait "$agent"
        code=$?
        kill -0 "$agent" 2>/dev/null || break
    done
    # A failed attempt leaves nothing behind.
    [ $code -eq 0 ] || rm -f -- "${made[@]}"
    exit $code
    ;;
esac
