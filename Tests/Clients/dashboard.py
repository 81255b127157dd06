"""Looks at every page of the dashboard in headless Chromium, as people with different screens do, and prints what is wrong as JSON.

usage: dashboard.py FOLDER; the address is in ROOST_URL, the token in ROOST_TOKEN. Screenshots go to FOLDER.
"""
import json
import os
import pathlib
import re
import shutil
import sys

from playwright.sync_api import TimeoutError, sync_playwright

address = os.environ["ROOST_URL"].rstrip("/")
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
screens = {"desktop": (1280, 800), "phone": (390, 844)}
problems, visited = [], []


def problem(where, what):
    problems.append(f"{where}: {what}")


def sign_in(page):
    page.goto(f"{address}/runs")
    if not page.url.split("?")[0].endswith("/login"):
        problem("/runs", "a stranger is not asked to sign in")
    page.keyboard.press("Tab")
    page.fill("input[name=token]", "wrong")
    page.keyboard.press("Enter")
    try:
        page.locator("[role=alert]").wait_for(timeout=10_000)
    except TimeoutError:
        problem("/login", "a wrong token gets no message")
    page.fill("input[name=token]", os.environ["ROOST_TOKEN"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/runs*")


def last_link(page, pattern):
    """The last link of the page whose path matches, or None."""
    paths = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next((p for p in reversed(paths) if re.fullmatch(pattern, p)), None)


def paths(page):
    """One page of each kind, found by following links as people do."""
    found = {
        "runs": "/runs",
        "queue": "/queue",
        "pipelines": "/pipelines",
        "environments": "/environments",
        "connections": "/connections",
        "galleries": "/galleries",
        "imagetemplates": "/image-templates",
        "pools": "/pools",
        "device": "/device",
        "signins": "/sign-ins",
        "users": "/users",
    }
    for name, start, pattern in [
        ("run", "/runs", r"/runs/\d+"),
        ("log", "run", r"/runs/\d+/logs/\d+"),
        ("artifact", "run", r"/runs/\d+/artifacts/\d+"),
        ("tests", "run", r"/runs/\d+/tests"),
        ("pipeline", "/pipelines", r"/pipelines/\d+"),
        ("runform", "pipeline", r"/pipelines/\d+/run"),
        ("environment", "/environments", r"/environments/\d+"),
        ("connection", "/connections", r"/connections/[0-9a-f-]+"),
        ("image", "/galleries", r"/galleries/agents/debian"),
        ("imageversion", "image", r"/galleries/agents/debian/[^/]+"),
        ("imagetemplate", "/image-templates", r"/image-templates/[^/]+"),
        ("approval", "environment", r"/runs/\d+"),
        ("pool", "/pools", r"/pools/\d+"),
        ("agent", "pool", r"/pools/\d+/agents/\d+"),
        ("tokens", "/runs", r"/tokens"),
        ("revoke", "tokens", r"/tokens/[0-9a-f-]+/revoke"),
        ("user", "/users", r"/users/[^/]+"),
    ]:
        page.goto(address + found.get(start, start))
        link = last_link(page, pattern)
        if link:
            found[name] = link
        else:
            problem(start, f"has no link to a page of the kind '{name}'")
    return found


def approve(page, path):
    """Finds the waiting approval, writes a comment and presses the button by keyboard, and sees what came of it."""
    page.goto(address + path)
    button = page.locator(".approval:not(.start) button.main")
    if button.count() != 1 or not button.is_enabled():
        problem(path, "has no button to approve with")
        return
    page.locator(".approval input[name=comment]").fill("seen in a browser")
    button.focus()
    page.keyboard.press("Enter")
    try:
        page.locator(".voices .state.succeeded").wait_for(timeout=10_000)
    except TimeoutError:
        problem(path, "does not show who approved")
        return
    if "seen in a browser" not in page.locator(".voices").inner_text():
        problem(path, "does not show the comment of the approval")
    if page.locator(".approval:not(.start) button").count():
        problem(path, "still has buttons after the approval")
    page.screenshot(path=folder / "approved-desktop-light.png", full_page=True)


def start(page, path):
    """Starts the stage that waits for a person, by keyboard, and sees that it does not wait any more."""
    page.goto(address + path)
    button = page.locator(".start button.main")
    if button.count() != 1 or not button.is_enabled():
        problem(path, "has no button to start the stage with")
        return
    button.focus()
    page.keyboard.press("Enter")
    try:
        page.locator(".start").wait_for(state="detached", timeout=10_000)
    except TimeoutError:
        problem(path, "still has a button for a stage that was started")


def look(page, name, path, screen, scheme, language):
    where = f"{path} ({screen}, {scheme}, {language})"
    errors = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    answer = page.goto(address + path)
    visited.append(path)
    if answer.status != 200:
        problem(where, f"answers {answer.status}")
        return
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width[0] > width[1]:
        problem(where, f"is {width[0]} wide on a screen of {width[1]}")
    if page.locator("h1").count() != 1:
        problem(where, "has not exactly one heading of the first level")
    wanted = {"english": "en", "chinese": "zh"}[language]
    if not (page.locator("html").get_attribute("lang") or "").startswith(wanted):
        problem(where, "is in another language")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('a,button,select,textarea,input:not([type=hidden])')].filter(e =>"
        " !(e.textContent.trim() || e.ariaLabel || e.title || e.labels?.length || e.value)).map(e => e.outerHTML)"
    )
    if unnamed:
        problem(where, f"has controls without a name: {unnamed[:2]}")
    page.keyboard.press("Tab")
    focus = page.evaluate(
        "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
        " return [e.tagName, s.outlineStyle, s.boxShadow]; })()"
    )
    if focus[0] == "BODY" or (focus[1] == "none" and focus[2] == "none"):
        problem(where, f"does not show the keyboard's place: {focus}")
    page.evaluate("document.activeElement.blur()")
    # Containers that others start change the network of the machine, which the browser tells about files that it fetches at that moment.
    errors = [e for e in errors if "ERR_NETWORK_CHANGED" not in e]
    if errors:
        problem(where, f"the browser complains: {errors[:3]}")
    suffix = "" if language == "english" else "-zh"
    page.screenshot(path=folder / f"{name}-{screen}-{scheme}{suffix}.png")


with sync_playwright() as playwright:
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    for screen, (width, height) in screens.items():
        for scheme in ["light", "dark"]:
            for language in ["english", "chinese"]:
                if language == "chinese" and (screen, scheme) != ("desktop", "light"):
                    continue
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale={"english": "en-US", "chinese": "zh-CN"}[language],
                )
                page = context.new_page()
                page.goto(f"{address}/login")
                page.screenshot(path=folder / f"login-{screen}-{scheme}{'' if language == 'english' else '-zh'}.png")
                sign_in(page)
                found = paths(page)
                for name, path in found.items():
                    look(page, name, path, screen, scheme, language)
                context.close()
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light", locale="en-US")
    page = context.new_page()
    sign_in(page)
    if "approval" in found:
        start(page, found["approval"])
        approve(page, found["approval"])
    browser.close()
json.dump({"problems": problems, "visited": sorted(set(visited))}, sys.stdout, indent=1)
