"""Asks a machine's metadata endpoint with ManagedIdentityCredential in each shape it knows, uses the tokens, and prints what it saw as JSON.

usage: managed_identity.py all|refused; the variables of the endpoint are in the environment, as ManagedIdentityTests sets them.
"""
import contextlib
import json
import logging
import os
import sys

import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError, DefaultAzureCredential, ManagedIdentityCredential
from azure.keyvault.secrets import SecretClient

address, vault = os.environ["ROOST_URL"].rstrip("/"), os.environ["ROOST_VAULT"]
second, second_object, stranger = (os.environ[f"ROOST_{name}"] for name in ("SECOND", "SECOND_OBJECT", "STRANGER"))
endpoint, header = os.environ["IDENTITY_ENDPOINT"], os.environ["IDENTITY_HEADER"]
host = os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"]
service = "499b84ac-1321-427f-aa17-267ca6975798"
shapes = {
    "instance metadata": {"AZURE_POD_IDENTITY_AUTHORITY_HOST": host},
    "app service": {"IDENTITY_ENDPOINT": endpoint, "IDENTITY_HEADER": header},
    "app service of 2017": {"MSI_ENDPOINT": endpoint, "MSI_SECRET": header},
    "cloud shell": {"MSI_ENDPOINT": f"{host}/oauth2/token"},
}
variables = {name for shape in shapes.values() for name in shape}
# What is refused on purpose need not be told twice.
logging.disable(logging.CRITICAL)


@contextlib.contextmanager
def shaped(shape, **changes):
    """The environment of one shape and no other."""
    for name in variables:
        os.environ.pop(name, None)
    os.environ.update({**shapes[shape], **changes})
    yield


def caller(token):
    """Who the server says a token is of."""
    answer = requests.get(f"{address}/_apis/connectionData", headers={"Authorization": f"Bearer {token}"})
    return answer.json()["authenticatedUser"]["providerDisplayName"] if answer.ok else answer.status_code


def read(credential):
    """A secret of the vault."""
    with SecretClient(vault, credential) as client:
        return client.get_secret("agent-token").value


def refusal(ask):
    try:
        return f"not refused: {ask()}"
    except (ClientAuthenticationError, CredentialUnavailableError) as error:
        return f"{type(error).__name__}: {error.message}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def token(resource=service, **which):
    return ManagedIdentityCredential(**which).get_token(f"{resource}/.default").token


def chosen(shape):
    """The ways to name one of several identities."""
    if shape == "cloud shell":
        return {}
    ways = {
        "client id": {"client_id": second},
        "object id": {"identity_config": {"object_id": second_object}},
        "resource id": {"identity_config": {"resource_id": "/identities/second"}},
    }
    return {name: caller(token(**way)) for name, way in ways.items()}


def tried(shape):
    with shaped(shape):
        own = ManagedIdentityCredential()
        seen = {"api": caller(own.get_token(f"{service}/.default").token), "secret": read(own)}
        seen["again"] = caller(own.get_token(f"{service}/.default").token)
        seen["chosen"] = chosen(shape)
        refused = {"other resource": caller(token("https://other.example"))}
        refused["vault of another"] = refusal(lambda: read(Fixed(token("https://other.example"))))
        refused["no resource"] = refusal(lambda: token("a b"))
        if shape != "cloud shell":
            refused["stranger"] = refusal(lambda: token(client_id=stranger))
            refused["without right"] = refusal(lambda: read(ManagedIdentityCredential(client_id=second)))
        seen["refused"] = refused
    for name in {"IDENTITY_HEADER", "MSI_SECRET"} & set(shapes[shape]):
        with shaped(shape, **{name: "wrong"}):
            seen["refused"]["wrong header"] = refusal(token)
    return seen


class Fixed:
    """A credential that gives out one token."""

    def __init__(self, token):
        self.token = token

    def get_token(self, *_, **__):
        from azure.core.credentials import AccessToken

        return AccessToken(self.token, 2**31)


if sys.argv[1] == "refused":
    seen = {}
    for shape in shapes:
        with shaped(shape):
            seen[shape] = refusal(token)
else:
    seen = {shape: tried(shape) for shape in shapes}
    with shaped("app service"):
        # What programs of Azure use by default finds it among all that it tries.
        seen["default"] = caller(DefaultAzureCredential(process_timeout=1).get_token(f"{service}/.default").token)
print(json.dumps(seen), flush=True)
