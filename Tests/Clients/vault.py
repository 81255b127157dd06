"""Every call of azure-keyvault-secrets against a vault; prints what it saw as JSON.

Usage: vault.py URL-OF-THE-VAULT AUTHORITY-FILE yes|no (whether the client checks the challenge's resource); ROOST_TOKEN has the token.
"""
import json
import os
import socket
import sys
import time
from datetime import datetime, timezone

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.keyvault.secrets import SecretClient

url, authority, check = sys.argv[1:4]

# Not every resolver knows names below localhost.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve("127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **more)


class StaticToken:
    """Gives out one token, and remembers for what it was asked."""

    def __init__(self, token):
        self.token = token
        self.scopes = set()

    def get_token(self, *scopes, **options):
        self.scopes.update(scopes)
        return AccessToken(self.token, int(time.time()) + 3600)


credential = StaticToken(os.environ["ROOST_TOKEN"])
options = {"verify_challenge_resource": check == "yes", "connection_verify": authority}
client = SecretClient(url, credential, **options)
seen = {}


def refusal(kind, call):
    try:
        call()
    except kind as error:
        inner = error.error.innererror if getattr(error, "error", None) else None
        return [type(error).__name__, error.status_code, error.error.code if error.error else None, (inner or {}).get("code")]
    return "it was not refused"


moment = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
first = client.set_secret("db", "hush", content_type="text/plain", tags={"a": "b"}, not_before=moment, expires_on=moment)
seen["set"] = [first.name, first.value, len(first.properties.version), first.properties.content_type, first.properties.tags]
seen["moments"] = first.properties.not_before == moment and first.properties.expires_on == moment
seen["level"] = [first.properties.recovery_level, first.properties.recoverable_days]
second = client.set_secret("db", "hush 2 ü")
seen["newest"] = client.get_secret("db").value
seen["version"] = client.get_secret("db", first.properties.version).value
seen["vault"] = client.get_secret("db").properties.vault_url == url
updated = client.update_secret_properties("db", first.properties.version, enabled=False, tags={"c": "d"})
seen["updated"] = [updated.enabled, updated.tags, updated.version == first.properties.version]
seen["newest updated"] = client.update_secret_properties("db", content_type="text/x").version == second.properties.version
seen["disabled"] = refusal(HttpResponseError, lambda: client.get_secret("db", first.properties.version))
for number in range(30):
    client.set_secret(f"s{number:02}", "x")
seen["list"] = [len(list(client.list_properties_of_secrets(max_page_size=7))), len(list(client.list_properties_of_secrets()))]
seen["versions"] = sorted([v.version for v in client.list_properties_of_secret_versions("db")]) == sorted(
    [first.properties.version, second.properties.version]
)
seen["missing"] = refusal(ResourceNotFoundError, lambda: client.get_secret("nothing"))
seen["wrong name"] = refusal(HttpResponseError, lambda: client.set_secret("a_b", "x"))
deleted = client.begin_delete_secret("db", _polling_interval=0.1).result()
seen["deleted"] = [deleted.name, (deleted.scheduled_purge_date - deleted.deleted_date).days, deleted.recovery_id]
seen["taken"] = refusal(ResourceExistsError, lambda: client.set_secret("db", "x"))
seen["get deleted"] = client.get_deleted_secret("db").name
seen["list deleted"] = [d.name for d in client.list_deleted_secrets()]
seen["recovered"] = client.begin_recover_deleted_secret("db", _polling_interval=0.1).result().name
seen["after"] = client.get_secret("db").value
backup = client.backup_secret("db")
client.begin_delete_secret("db", _polling_interval=0.1).wait()
client.purge_deleted_secret("db")
seen["purged"] = refusal(ResourceNotFoundError, lambda: client.get_deleted_secret("db"))
seen["restored"] = client.restore_secret_backup(backup).version == second.properties.version
seen["restored value"] = client.get_secret("db").value
stranger = SecretClient(url, StaticToken("no-such-token"), **options)
seen["stranger"] = refusal(ClientAuthenticationError, lambda: stranger.get_secret("db"))[:2]
reader = SecretClient(url, StaticToken(os.environ["READER_TOKEN"]), **options)
seen["reader"] = [reader.get_secret("db").value, refusal(HttpResponseError, lambda: reader.set_secret("db", "x"))]
seen["scopes"] = sorted(credential.scopes)
for secret in client.list_properties_of_secrets():
    client.begin_delete_secret(secret.name, _polling_interval=0.1)
for secret in client.list_deleted_secrets():
    client.purge_deleted_secret(secret.name)
print(json.dumps(seen))
