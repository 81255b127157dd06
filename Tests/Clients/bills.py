"""Reads bills of materials with the programs of SPDX and CycloneDX, and says what they find as JSON."""

import json
import sys

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

folder = sys.argv[1]
document = parse_file(f"{folder}/sbom.spdx.json")
problems = [str(m.validation_message) for m in validate_full_spdx_document(document)]
with open(f"{folder}/sbom.cyclonedx.json", encoding="utf-8") as file:
    text = file.read()
bill = json.loads(text)
schema = SchemaVersion.from_version(bill["specVersion"])
fault = make_schemabased_validator(OutputFormat.JSON, schema).validate_str(text)
if fault is not None:
    problems.append(f"CycloneDX: {fault}")
print(
    json.dumps(
        {
            "problems": problems,
            "spdx": sorted(f"{p.name} {p.version}" for p in document.packages),
            "purls": sorted(r.locator for p in document.packages for r in p.external_references),
            "cyclonedx": sorted(f"{c['name']} {c['version']}" for c in bill["components"]),
        }
    )
)
