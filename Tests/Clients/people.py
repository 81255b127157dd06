"""Makes, copies and revokes a token, ends a sign-in and shuts a person out and in again, in a browser, and prints what was seen as JSON.

usage: people.py FOLDER; the address is in ROOST_URL, an administrator's token in ROOST_TOKEN, another person's in ROOST_OTHER_TOKEN.
Screenshots go to FOLDER.
"""
import json
import os
import pathlib
import re
import shutil
import sys

from playwright.sync_api import sync_playwright

address = os.environ["ROOST_URL"].rstrip("/")
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
seen = {}


def sign_in(browser, token, **options):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US", **options)
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("input[name=token]", token)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/*")
    return page


def shot(page, name):
    page.screenshot(path=folder / f"account-{name}-desktop-light.png", full_page=True)


def make_token(page):
    page.goto(f"{address}/tokens")
    page.fill("#name", "nightly builds")
    page.fill("#days", "14")
    page.check("input[name='scope.vso.build_execute']")
    page.check("input[name='scope.vso.project']")
    shot(page, "tokens-form")
    page.click("#make")
    value = page.input_value("#value")
    shot(page, "tokenmade")
    page.click("#copy")
    page.locator("#copy", has_text="Copied").wait_for(timeout=10_000)
    seen["copied"] = page.evaluate("navigator.clipboard.readText()") == value
    answer = page.request.get(f"{address}/_apis/projects", headers={"Authorization": f"Bearer {value}"})
    seen["made"] = bool(re.fullmatch("[a-z2-7]{52}", value)) and answer.status == 200
    page.click("text=Done")
    seen["hidden"] = value not in page.content() and "nightly builds" in page.content()
    page.go_back()
    seen["hiddenGoingBack"] = value not in page.content()
    return value


def revoke_token(page, value):
    page.goto(f"{address}/tokens")
    page.get_by_role("link", name="Revoke: nightly builds").click()
    shot(page, "tokenrevoke")
    page.click("#confirm")
    page.wait_for_url(f"{address}/tokens")
    row = page.locator("tr", has_text="nightly builds")
    answer = page.request.get(f"{address}/_apis/projects", headers={"Authorization": f"Bearer {value}"})
    seen["revoked"] = "Revoked" in row.inner_text() and answer.status == 401


def end_sign_in(page, other):
    page.goto(f"{address}/sign-ins?of=all")
    shot(page, "signins")
    seen["current"] = page.locator("tr", has_text="this one").count() == 1
    page.locator("tr", has_text="dana").get_by_role("button").click()
    page.wait_for_url(f"{address}/sign-ins?of=all")
    other.goto(f"{address}/runs")
    seen["signInEnded"] = "/login" in other.url and page.locator("tr", has_text="dana").count() == 0


def shut_out(page, browser):
    other = sign_in(browser, os.environ["ROOST_OTHER_TOKEN"])
    page.goto(f"{address}/users")
    shot(page, "users")
    page.click("text=dana")
    shot(page, "user")
    page.click("#disable")
    shot(page, "userdisable")
    page.click("#confirm")
    page.locator("#enable").wait_for(timeout=10_000)
    shot(page, "userdisabled")
    other.goto(f"{address}/runs")
    shot(other, "loginrefused")
    seen["shutOut"] = other.locator("[role=alert]").inner_text()
    page.click("#enable")
    page.locator("#disable").wait_for(timeout=10_000)
    other.goto(f"{address}/runs")
    seen["letIn"] = other.url == f"{address}/runs"


with sync_playwright() as playwright:
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    page = sign_in(browser, os.environ["ROOST_TOKEN"], permissions=["clipboard-read", "clipboard-write"])
    errors = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    other = sign_in(browser, os.environ["ROOST_OTHER_TOKEN"])
    revoke_token(page, make_token(page))
    end_sign_in(page, other)
    shut_out(page, browser)
    # A request that must be refused is told of by the browser, too.
    seen["errors"] = [e for e in errors if "401" not in e]
    browser.close()
json.dump(seen, sys.stdout, indent=1)
