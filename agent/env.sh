#!/usr/bin/env bash
# Keeps PATH in .path and some other variables of this shell in .env, for the time when the agent runs as a service.
# Run it again in the agent's folder after a change of them; a running agent takes it over by itself.

names=(
    LANG JAVA_HOME ANT_HOME M2_HOME ANDROID_HOME GRADLE_HOME NVM_BIN NVM_PATH
    VSTS_HTTP_PROXY VSTS_HTTP_PROXY_USERNAME VSTS_HTTP_PROXY_PASSWORD
    LD_LIBRARY_PATH PERL5LIB AGENT_TOOLSDIRECTORY
)

printf '%s\n' "$PATH" >.path

# Lines a person added stay; .env may hold the password of a proxy.
[ -e .env ] || (umask 077 && : >.env)
for name in "${names[@]}"; do
    if [ -n "${!name:-}" ] && ! grep -q "^$name=" .env; then
        printf '%s=%s\n' "$name" "${!name}" >>.env
    fi
done
