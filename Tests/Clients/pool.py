"""Looks at the page of a pool of many agents in a browser and takes it out of service, and prints what was seen as JSON.

usage: pool.py FOLDER POOL AGENT; the address is in ROOST_URL, the token in ROOST_TOKEN. AGENT has a job. Screenshots go to FOLDER.
"""
import json
import os
import pathlib
import re
import shutil
import sys

from playwright.sync_api import expect, sync_playwright

address = os.environ["ROOST_URL"].rstrip("/")
folder = pathlib.Path(sys.argv[1])
pool, busy = sys.argv[2], sys.argv[3]
folder.mkdir(parents=True, exist_ok=True)
seen = {"errors": []}


def open_page(browser, screen, scheme, language="en-US"):
    context = browser.new_context(viewport=screen, color_scheme=scheme, locale=language)
    page = context.new_page()
    page.on("pageerror", lambda e: seen["errors"].append(str(e)))
    page.goto(f"{address}/login")
    page.fill("input[name=token]", os.environ["ROOST_TOKEN"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/runs*")
    page.goto(f"{address}/pools/{pool}")
    return page


def shot(page, name, screen, scheme):
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width[0] > width[1]:
        seen["errors"].append(f"{name} is {width[0]} wide on a screen of {width[1]}")
    page.screenshot(path=folder / f"{name}-{screen}-{scheme}.png")


def agents(page):
    return page.eval_on_selector_all("#agents tr[data-agent]", "rows => rows.map(r => r.dataset.agent)")


desktop, phone = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
with sync_playwright() as playwright:
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    page = open_page(browser, desktop, "light")
    seen["all"] = len(agents(page))
    seen["row"] = page.locator(f"tr[data-agent='{busy}']").inner_text()

    # A search and an order are in the address, so that the page keeps them when it follows.
    page.locator("#agent-search").fill("rack-2 offline")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search="))
    seen["found"] = agents(page)
    page.locator("#agent-search").fill("")
    page.locator("#agent-sort").select_option("disk")
    page.locator("form[role=search] button").click()
    page.wait_for_url(re.compile("sort=disk"))
    seen["fullest"] = agents(page)[0]
    seen["low"] = page.locator("#agents .badge.warn").count()
    page.locator("#agent-search").fill("nothing is called so")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search=nothing"))
    seen["none"] = page.locator("#agents .empty").inner_text()

    # By keyboard: why, and then the button.
    page.goto(f"{address}/pools/{pool}?sort=state")
    page.locator("#pool-reason").fill("the network <b>is</b> changed")
    page.locator("#pool-actions button", has_text="Drain").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pool-state")).to_have_text("Draining", timeout=60_000)
    seen["pause"] = page.locator("#pool-pause").inner_text()
    seen["pauses"] = page.locator("text=Paused by").count()
    shot(page, "pool-draining", "desktop", "light")
    for screen, scheme in [("desktop", "dark"), ("phone", "light"), ("phone", "dark")]:
        other = open_page(browser, {"desktop": desktop, "phone": phone}[screen], scheme)
        shot(other, "pool-draining", screen, scheme)
        other.context.close()
    other = open_page(browser, desktop, "light", "zh-CN")
    seen["chinese"] = other.locator("#pool-state").inner_text()
    other.context.close()
    page.locator("#pool-actions button").click()
    expect(page.locator("#pool-state")).to_have_text("Active")

    # One agent, which has a job: it is draining until that is over.
    page.goto(f"{address}/pools/{pool}?search={busy}")
    page.locator(f"tr[data-agent='{busy}'] button", has_text="Drain").click()
    page.wait_for_url(re.compile("/agents/"))
    seen["agent"] = page.locator("h1 .state").inner_text()
    seen["agentPause"] = page.locator("#agent-pause").inner_text()
    page.goto(f"{address}/pools/{pool}?search={busy}")
    (folder / "seen-draining").write_text("")
    expect(page.locator(f"tr[data-agent='{busy}'] .state").first).to_have_text("Disabled", timeout=60_000)
    page.locator(f"tr[data-agent='{busy}'] button", has_text="Resume").click()
    page.wait_for_url(re.compile("/agents/"))
    seen["resumed"] = page.locator("h1 .state").inner_text()
    browser.close()
json.dump(seen, sys.stdout, indent=1)
