"""Writes a secret in the forms that programs give it, as JSON: name, text, and the part of the text that nothing but the secret decides.

usage: encodings.py SECRET
Each form is made by the language's own library, so that it is known by something else than the agent's masker.
"""
import base64
import binascii
import html
import json
import quopri
import re
import shlex
import subprocess
import sys
import urllib.parse
from xml.sax.saxutils import escape, quoteattr

secret = sys.argv[1]
data = secret.encode()
forms = []


def add(name, text, core=None):
    forms.append({"name": name, "text": text, "core": core if core is not None else text})


def program(*words):
    return subprocess.run(words, input=data, capture_output=True, check=True).stdout.decode()


def within(name, encode, before, after):
    """Base64 of something longer: only the characters that lie wholly in the secret are its own."""
    whole = encode(before.encode() + data + after.encode()).decode().rstrip("=")
    first = -(-len(before) * 8 // 6)
    last = (len(before) + len(data)) * 8 // 6
    add(name, whole, whole[first:last])


add("plain", secret)
add("plain in quotes", f"'{secret}'", secret)
add("JSON, ASCII only", json.dumps(secret)[1:-1])
add("JSON", json.dumps(secret, ensure_ascii=False)[1:-1])
add("JSON with escaped slashes", json.dumps(secret, ensure_ascii=False)[1:-1].replace("/", "\\/"))
add("JSON safe in HTML", "".join(
    f"\\u{ord(c):04X}" if c in "\"&'+<>`" or ord(c) > 126 else "\\\\" if c == "\\" else c for c in secret))
add("JSON in JSON", json.dumps(json.dumps(secret, ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1])
add("JSON of JavaScript", subprocess.run(
    ["node", "-e", "process.stdout.write(JSON.stringify(process.argv[1]).slice(1, -1))", secret],
    capture_output=True, check=True).stdout.decode() if subprocess.run(["which", "node"], capture_output=True).returncode == 0
    else json.dumps(secret, ensure_ascii=False)[1:-1])
add("URL", urllib.parse.quote(secret, safe=""))
add("URL, small digits", re.sub("%..", lambda m: m.group().lower(), urllib.parse.quote(secret, safe="")))
add("URL, slashes kept", urllib.parse.quote(secret))
add("URL, slashes kept, small digits", re.sub("%..", lambda m: m.group().lower(), urllib.parse.quote(secret)))
add("URL component of JavaScript", urllib.parse.quote(secret, safe="-_.!~*'()"))
add("URI of JavaScript", urllib.parse.quote(secret, safe="-_.!~*'();/?:@&=+$,#"))
add("form", urllib.parse.quote_plus(secret))
add("form, small digits", re.sub("%..", lambda m: m.group().lower(), urllib.parse.quote_plus(secret)))
add("user part of an address", f"https://user:{urllib.parse.quote(secret, safe='')}@host/", urllib.parse.quote(secret, safe=""))
add("XML", escape(secret))
add("XML attribute", quoteattr(secret)[1:-1])
add("XML with named quotes", escape(secret, {'"': "&quot;", "'": "&apos;"}))
add("HTML", html.escape(secret))
add("HTML with numbers", html.escape(secret, quote=False).replace('"', "&#34;").replace("'", "&#39;"))
add("HTML with hexadecimal numbers", html.escape(secret, quote=False).replace('"', "&quot;").replace("'", "&#x27;"))
add("shell, in single quotes", shlex.quote(secret)[1:-1])
add("shell, by printf %q", program("bash", "-c", "IFS= read -rd '' s; printf %q \"$s\""))
add("shell, in single quotes of another kind", secret.replace("'", "'\\''"))
add("backslashes doubled", secret.replace("\\", "\\\\"))
add("double quotes escaped", secret.replace('"', '\\"'))
add("single quotes doubled", secret.replace("'", "''"))
add("base64", base64.b64encode(data).decode())
add("base64 without padding", base64.b64encode(data).decode().rstrip("="))
add("base64 of a program, with its line end", program("base64", "-w0").strip())
add("base64 with a line end inside", base64.b64encode(data + b"\n").decode())
add("base64 for addresses", base64.urlsafe_b64encode(data).decode())
for before in ["u", "us", "user:"]:
    within(f"base64 behind {len(before)}", base64.b64encode, before, ":more")
    within(f"base64 for addresses behind {len(before)}", base64.urlsafe_b64encode, before, ":more")
add("hexadecimal", binascii.hexlify(data).decode())
add("hexadecimal, large", binascii.hexlify(data).decode().upper())
add("hexadecimal of a program", program("od", "-An", "-v", "-tx1").replace(" ", "").replace("\n", ""))
add("YAML, in double quotes", json.dumps(secret, ensure_ascii=False)[1:-1])
json.dump(forms, sys.stdout)
