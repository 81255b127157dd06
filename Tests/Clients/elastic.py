"""Watches the page of an elastic pool in a browser while jobs come and go, and prints what was seen as JSON.

usage: elastic.py FOLDER POOL PIPELINE MACHINES; the address is in ROOST_URL, the token in ROOST_TOKEN. The pipeline's run has more jobs than the pool may have
machines. Screenshots go to FOLDER.
"""
import json
import os
import pathlib
import shutil
import sys

from playwright.sync_api import expect, sync_playwright

address = os.environ["ROOST_URL"].rstrip("/")
folder = pathlib.Path(sys.argv[1])
pool, pipeline, most = sys.argv[2], sys.argv[3], int(sys.argv[4])
folder.mkdir(parents=True, exist_ok=True)
seen = {"errors": []}


def open_page(browser, screen, scheme, path):
    context = browser.new_context(viewport=screen, color_scheme=scheme, locale="en-US")
    page = context.new_page()
    page.on("pageerror", lambda e: seen["errors"].append(str(e)))
    page.goto(f"{address}/login")
    page.fill("input[name=token]", os.environ["ROOST_TOKEN"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/runs*")
    page.goto(address + path)
    return page


def shot(page, name, screen, scheme):
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width[0] > width[1]:
        seen["errors"].append(f"{name} is {width[0]} wide on a screen of {width[1]}")
    page.screenshot(path=folder / f"{name}-{screen}-{scheme}.png", full_page=screen == "desktop")


desktop, phone = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
with sync_playwright() as playwright:
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    page = open_page(browser, desktop, "light", f"/pools/{pool}")
    seen["empty"] = "No machines" in page.locator("#machines").inner_text()
    shot(page, "elastic-empty", "desktop", "light")

    project = page.request.get(f"{address}/_apis/projects", headers={}).json()["value"][0]["name"]
    answer = page.request.post(
        f"{address}/{project}/_apis/pipelines/{pipeline}/runs?api-version=7.1",
        headers={"Authorization": f"Bearer {os.environ['ROOST_TOKEN']}", "Content-Type": "application/json"},
        data="{}",
    )
    seen["run"] = answer.json()["id"]
    # The page is not loaded anew: it follows.
    expect(page.locator("#machines .state.busy")).to_have_count(most, timeout=60_000)
    shot(page, "elastic", "desktop", "light")
    seen["whyNotMore"] = page.locator("#differences").inner_text()
    seen["jobs"] = page.locator("#machines a").count()
    for screen, scheme in [("desktop", "dark"), ("phone", "light"), ("phone", "dark")]:
        other = open_page(browser, desktop if screen == "desktop" else phone, scheme, f"/pools/{pool}")
        shot(other, "elastic", screen, scheme)
        other.context.close()

    page.locator("#machines form[action$='/reimage'] button").first.click()
    page.wait_for_url(f"{address}/pools/{pool}")
    seen["asked"] = page.locator("#machines", has_text="to be made anew after its job").count() == 1

    other = open_page(browser, desktop, "light", f"/runs/{seen['run']}")
    other.locator("form[action$='/cancel'] button").first.click()
    expect(page.locator("#machines")).to_contain_text("No machines", timeout=60_000)
    shot(page, "elastic-after", "desktop", "light")
    seen["log"] = page.locator("#poollog tr").count()

    page.locator("form[action$='/pause'] button").click()
    page.wait_for_url(f"{address}/pools/{pool}")
    seen["paused"] = "Paused" in page.locator("h2").first.inner_text()
    page.locator("form[action$='/resume'] button").click()
    page.wait_for_url(f"{address}/pools/{pool}")
    seen["resumed"] = "Paused" not in page.locator("h2").first.inner_text()
    browser.close()
print(json.dumps(seen))
