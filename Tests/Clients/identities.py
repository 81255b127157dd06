"""Signs in with Microsoft's msal and azure-identity packages in every way they know, uses each token, and prints what it saw as JSON.

usage: identities.py; the addresses and secrets are in the environment, as IdentityProgramTests sets them.
"""
import html
import json
import logging
import os
import re
import threading
import urllib.parse

import msal
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
    WorkloadIdentityCredential,
)

address = os.environ["ROOST_URL"].rstrip("/")
tenant, client = os.environ["ROOST_TENANT"], os.environ["ROOST_CLIENT"]
secret, certificate = os.environ["ROOST_SECRET"], os.environ["ROOST_CERTIFICATE"]
thumbprint, key = os.environ["ROOST_THUMBPRINT"], open(os.environ["ROOST_KEY"]).read()
token_file, cookie = os.environ["ROOST_TOKEN_FILE"], os.environ["ROOST_SESSION"]
azure_cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
service = "499b84ac-1321-427f-aa17-267ca6975798"
scope = f"{service}/.default"
where = {"authority": address, "disable_instance_discovery": True}
# What is refused on purpose need not be told twice.
logging.disable(logging.CRITICAL)
seen = {"works": {}, "refused": {}}


def use(name, token):
    """Calls the API with a token, as az devops and the SDK do."""
    if isinstance(token, dict):
        if "access_token" not in token:
            raise SystemExit(f"{name}: {token}")
        token = token["access_token"]
    bearer = requests.get(f"{address}/_apis/projects", headers={"Authorization": f"Bearer {token}"})
    basic = requests.get(f"{address}/_apis/projects", auth=("", token))
    seen["works"][name] = [bearer.status_code, basic.status_code]


def refused(name, ask):
    try:
        answer = ask()
        text = answer.get("error_description", "") if isinstance(answer, dict) else "a token was given"
    except ClientAuthenticationError as error:
        text = error.message
    seen["refused"][name] = text


def person():
    session = requests.Session()
    session.cookies.set("roost_session", cookie)
    return session


def approve(code):
    """What a person does on the page."""
    assert code in person().post(f"{address}/device", data={"code": code}).text
    person().post(f"{address}/device/approve", data={"code": code}).raise_for_status()


def let_in(url):
    """What a person does in the browser: press the button, and go where the browser is sent."""
    assert person().get(url).status_code == 200
    answer = person().post(url, data={"decision": "approve"}, allow_redirects=False)
    if answer.status_code == 200:
        form = re.search(r'<form[^>]*action="(http[^"]*)".*?</form>', answer.text, re.DOTALL)
        fields = re.findall(r'name="([a-z_]+)" value="([^"]*)"', form.group(0))
        return requests.post(html.unescape(form.group(1)), data={n: html.unescape(v) for n, v in fields})
    return requests.get(answer.headers["Location"])


def application(**more):
    return msal.ConfidentialClientApplication(
        client, authority=f"{address}/{tenant}", instance_discovery=False, **more
    )


def exchange_token(client_id, client_secret):
    """A token that another identity has for the exchange: what a cluster or a pipeline would have."""
    form = {"grant_type": "client_credentials", "scope": "api://exchange/.default"}
    answer = requests.post(f"{address}/{tenant}/oauth2/v2.0/token", data=form, auth=(client_id, client_secret))
    return answer.json()["access_token"]


with open(token_file, "w") as file:
    file.write(exchange_token(os.environ["ROOST_SOURCE"], os.environ["ROOST_SOURCE_SECRET"]))
foreign = exchange_token(client, secret)

# Programs, with msal.
by_secret = application(client_credential=secret)
use("msal secret", by_secret.acquire_token_for_client([scope]))
by_key = application(client_credential={"private_key": key, "thumbprint": thumbprint})
use("msal certificate", by_key.acquire_token_for_client([scope]))
# The library sends the same assertion again for another resource.
seen["second resource"] = "access_token" in by_key.acquire_token_for_client(["https://vault.example.org/.default"])
refused("msal wrong secret", lambda: application(client_credential="wrong").acquire_token_for_client([scope]))

# People, with msal.
public = msal.PublicClientApplication(azure_cli, authority=f"{address}/organizations", instance_discovery=False)
flow = public.initiate_device_flow([scope])
approve(flow["user_code"])
given = public.acquire_token_by_device_flow(flow)
use("msal device code", given)
seen["person"] = given["id_token_claims"]["preferred_username"]
account = public.get_accounts()[0]
seen["account"] = account["username"]
again = public.acquire_token_silent([scope], account=account, force_refresh=True)
use("msal refresh", again)
other = public.acquire_token_silent(["https://vault.example.org/.default"], account=account)
seen["refresh for another resource"] = "access_token" in other
flow = public.initiate_auth_code_flow([scope], redirect_uri="http://localhost:8400")
answer = person().post(flow["auth_uri"], data={"decision": "approve"}, allow_redirects=False)
query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))
use("msal code", public.acquire_token_by_auth_code_flow(flow, query))

# Programs, with azure-identity.
use("secret", ClientSecretCredential(tenant, client, secret, **where).get_token(scope).token)
use("certificate", CertificateCredential(tenant, client, certificate, **where).get_token(scope).token)
assertion = open(token_file).read()
use("assertion", ClientAssertionCredential(tenant, client, lambda: assertion, **where).get_token(scope).token)
workload = WorkloadIdentityCredential(tenant_id=tenant, client_id=client, token_file_path=token_file, **where)
use("workload", workload.get_token(scope).token)

# People, with azure-identity.
device = DeviceCodeCredential(
    client_id=azure_cli, tenant_id="organizations", prompt_callback=lambda _, code, __: approve(code), **where
)
use("device code", device.get_token(scope).token)


def browser_opened(url, *_, **__):
    threading.Thread(target=let_in, args=(url,), daemon=True).start()
    return True


import webbrowser  # noqa: E402 - what the library opens is replaced just before it is asked

webbrowser.get = lambda *_: type("Browser", (), {"open": staticmethod(browser_opened), "name": "test"})()
webbrowser.open = browser_opened
interactive = InteractiveBrowserCredential(client_id=azure_cli, tenant_id="organizations", timeout=60, **where)
use("browser", interactive.get_token(scope).token)

# What is wrong is said.
refused("wrong secret", lambda: ClientSecretCredential(tenant, client, "wrong", **where).get_token(scope))
unknown = "11111111-2222-4333-8444-555555555555"
refused("unknown client", lambda: ClientSecretCredential(tenant, unknown, secret, **where).get_token(scope))
other_key = os.environ["ROOST_OTHER_CERTIFICATE"]
refused("other certificate", lambda: CertificateCredential(tenant, client, other_key, **where).get_token(scope))
refused("other subject", lambda: ClientAssertionCredential(
    tenant, client, lambda: foreign, **where).get_token(scope))

# The library's little servers would have something to say at the end of the interpreter.
print(json.dumps(seen), flush=True)
os._exit(0)
