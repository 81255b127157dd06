import RoostTemplate

/// Makes whole templates of images from what components take, now and then with something that they do not.
struct ImageMaker {
    /// What is put into bytes of templates.
    static let noise =
        [
            "{{", "}}", "{{user `a`}}", "{{ .Vars }}", "{{build `ID`}}", "{{if eq 1 1}}", "{{end}}", "{{range .X}}",
            "{{isotime \"2006\"}}", "{{split \"a-b\" \"-\" 1}}", "{{upper `x` | lower}}", "{{/* c */}}", "{{- ", " -}}",
            "{{$x := 1}}",
            "{{env `A`}}", "{{vault `a` `b`}}", "{{printf \"%05d\" 3}}", "{{template \"x\"}}", "`", "\\\"", "\\u00e9",
            "null",
            "true", "\"\"", "[]", "{}", ",", ":", "\"", "[", "]", "{", "}", "0", "-1", "1e9", "\"builders\": [",
            "\"provisioners\": [", "\"type\": \"shell\"", "\"variables\": {", "\"only\": [\"x\"]", "\"override\": {",
            "<region>",
            "\"customize\": [", "\"distribute\": [", "[parameters('a')]", "[concat('a', 'b')]", "${", "%{", "<<E\n",
            "source", "build {\n",
            "dynamic \"x\" {\n", "local.a", "var.a", "build.Host", "=", "//", "/*", "#", "\n", "\r\n", "\u{0}", "é",
            "😀", "\u{FEFF}",
        ] + [
            String(repeating: "[", count: 160), String(repeating: "{{if 1}}", count: 60),
            String(repeating: "x", count: 1200),
        ]

    private static let texts = [
        "x", "", "5m", "1.2.3", "{{user `a`}}", "{{ .Path }}", "{{timestamp}}", "{{isotime | clean_resource_name}}",
        "${var.a}", "/tmp/x",
        "{{build `Password`}}", "<place>", "[parameters('name')]", "https://example.com/a.sh", "ssh", "none", "Linux",
        "é😀", "%{if x}", "22",
        "{{if .X}}a{{else}}b{{end}}", "{{", "{{nothing}}", "sha256:00", "true",
    ]

    /// A value of a setting.
    private indirect enum Made {
        case text(String)
        case plain(String)
        case list([Made])
        case object([(String, Made)])
        case block([(String, Made)])
    }

    // MARK: Values

    private func made(_ kind: ComponentOption.Kind, _ random: inout SeededRandom, depth: Int = 0) -> Made {
        if random.once(in: 12) { return odd(&random) }
        switch kind {
        case .text, .pattern, .anything: return .text(random.pick(Self.texts))
        case .choice(let values, _): return .text(random.once(in: 8) || values.isEmpty ? "other" : random.pick(values))
        case .duration: return .text(random.pick(["5m", "1h30m", "x", "-1s", "0"]))
        case .number: return .plain("\(random.below(1000)).5")
        case .whole(let bounds):
            let low = max(bounds.lowerBound, -1000)
            return .plain("\(low + random.below(max(1, min(bounds.upperBound, 100_000) - low)))")
        case .truth: return .plain(random.pick(["true", "false"]))
        case .list(let inner): return .list((0..<random.below(4)).map { _ in made(inner, &random, depth: depth + 1) })
        case .map(let inner):
            return .object((0..<random.below(3)).map { ("k\($0)", made(inner, &random, depth: depth + 1)) })
        case .block(let schema, let isRepeated):
            guard depth < 3 else { return .block([]) }
            let inner = settings(schema, &random, depth: depth + 1)
            return isRepeated && random.once(in: 2) ? .list([.block(inner), .block(inner)]) : .block(inner)
        }
    }

    private func odd(_ random: inout SeededRandom) -> Made {
        random.pick([
            .plain("null"), .plain("1"), .plain("true"), .text("x"), .list([]), .object([]),
            .list([.list([.text("a")])]),
            .object([("a", .text("{{.B}}"))]),
        ])
    }

    private func settings(_ schema: ComponentSchema, _ random: inout SeededRandom, depth: Int = 0) -> [(String, Made)] {
        var result: [(String, Made)] = []
        for option in schema.options
        where option.isRequired ? !random.once(in: 10) : random.once(in: max(3, schema.options.count / 4)) {
            result.append((option.name, made(option.kind, &random, depth: depth)))
        }
        if random.once(in: 15) { result.append((random.pick(["inlnie", "x", "type", "name"]), .text("x"))) }
        return result
    }

    private func component(
        _ kind: ComponentKind,
        _ random: inout SeededRandom
    ) -> (type: String, settings: [(String, Made)]) {
        let schemas = ComponentCatalog.standard.schemas[kind] ?? [:]
        let names = schemas.keys.sorted()
        guard !names.isEmpty, !random.once(in: 20) else { return ("unknown", [("a", .text("b"))]) }
        let type = random.pick(names)
        return (type, schemas[type].map { settings($0, &random) } ?? [])
    }

    // MARK: HCL2

    func hcl(_ random: inout SeededRandom) -> String {
        var text =
            "variable \"a\" {\n  default = \(random.pick(["\"x\"", "null", "vault(\"a\", \"b\")", "env(\"A\")", "[1]"]))\n}\n"
        if random.once(in: 3) {
            text +=
                "data \"\(random.pick(["http", "null", "amazon-ami"]))\" \"d\" {\n  url = \"u\"\n  input = local.l\n}\n"
        }
        text +=
            "locals {\n  l = \(random.pick(["var.a", "data.null.d.output", "local.m", "upper(var.a)"]))\n  m = \"${local.l}\"\n}\n"
        var sources: [String] = []
        for number in 0...random.below(3) {
            let (type, settings) = component(.builder, &random)
            sources.append("\(type).s\(number)")
            text += "source \"\(type)\" \"s\(number)\" {\n\(body(settings, 1))}\n"
        }
        text += "build {\n  sources = [\(sources.map { "\"\($0)\"" }.joined(separator: ", "))]\n"
        for _ in 0..<random.below(5) {
            let kind = random.pick(["provisioner", "post-processor", "error-cleanup-provisioner"])
            let (type, settings) = component(kind == "post-processor" ? .postProcessor : .provisioner, &random)
            let more = random.once(in: 3) ? "    only = [\"\(random.pick(sources))\"]\n    timeout = \"5m\"\n" : ""
            text += "  \(kind) \"\(type)\" {\n\(more)\(body(settings, 2))  }\n"
        }
        return text + "}\n"
    }

    private func body(_ settings: [(String, Made)], _ depth: Int) -> String {
        let blanks = String(repeating: "  ", count: depth)
        return settings.map { name, value in
            switch value {
            case .block(let inner): "\(blanks)\(name) {\n\(body(inner, depth + 1))\(blanks)}\n"
            case .list(let elements) where elements.contains(where: Self.isBlock):
                elements.map { element in
                    if case .block(let inner) = element {
                        "\(blanks)\(name) {\n\(body(inner, depth + 1))\(blanks)}\n"
                    } else {
                        ""
                    }
                }.joined()
            default: "\(blanks)\(name) = \(hcl(value))\n"
            }
        }.joined()
    }

    private static func isBlock(_ value: Made) -> Bool { if case .block = value { true } else { false } }

    private func hcl(_ value: Made) -> String {
        switch value {
        case .text(let text): "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        case .plain(let text): text
        case .list(let elements): "[\(elements.map(hcl).joined(separator: ", "))]"
        case .object(let parts), .block(let parts): "{\(parts.map { "\($0) = \(hcl($1))" }.joined(separator: ", "))}"
        }
    }

    // MARK: JSON

    func json(_ random: inout SeededRandom) -> String {
        var root: [(String, Made)] = []
        if random.once(in: 2) { root.append(("_comment", .text("c"))) }
        root.append(
            (
                "variables",
                .object([
                    ("a", .text(random.pick(["x", "{{env `A`}}", "{{user `b`}}"]))),
                    ("b", random.once(in: 3) ? .plain("null") : .text("{{user `a`}}")),
                ])
            )
        )
        if random.once(in: 3) { root.append(("sensitive-variables", .list([.text("a")]))) }
        var names: [String] = []
        var builders: [Made] = []
        for _ in 0...random.below(3) {
            let (type, settings) = component(.builder, &random)
            names.append(type)
            builders.append(.object([("type", .text(type))] + settings))
        }
        root.append(("builders", .list(builders)))
        let steps = { (kind: ComponentKind, random: inout SeededRandom) -> [Made] in
            (0..<random.below(4)).map { _ in
                let (type, settings) = component(kind, &random)
                var parts: [(String, Made)] = [("type", .text(type))] + settings
                if random.once(in: 3) {
                    parts.append((random.pick(["only", "except"]), .list([.text(random.pick(names))])))
                }
                if random.once(in: 4) { parts.append((random.pick(["pause_before", "timeout"]), .text("5s"))) }
                if random.once(in: 6) {
                    parts.append(
                        ("override", .object([(random.pick(names), .object([("inline", .list([.text("x")]))]))]))
                    )
                }
                return .object(parts)
            }
        }
        root.append(("provisioners", .list(steps(.provisioner, &random))))
        let last = steps(.postProcessor, &random)
        root.append(("post-processors", .list(random.once(in: 2) ? [.list(last), .text("manifest")] : last)))
        return json(.object(root))
    }

    private func json(_ value: Made) -> String {
        switch value {
        case .text(let text): "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        case .plain(let text): text
        case .list(let elements): "[\(elements.map(json).joined(separator: ", "))]"
        case .object(let parts), .block(let parts):
            "{\(parts.map { "\"\($0)\": \(json($1))" }.joined(separator: ",\n"))}"
        }
    }

    // MARK: Image Builder

    func imageBuilder(_ random: inout SeededRandom) -> String {
        let customizers = (0..<random.below(6)).map { number -> Made in
            var parts: [(String, Made)] = [
                (
                    "type",
                    .text(
                        random.pick([
                            "Shell", "PowerShell", "File", "WindowsRestart", "WindowsUpdate", "shell", "Other",
                        ])
                    )
                ),
                ("name", .text("c\(number)")),
            ]
            for (name, value) in Self.customizerParts where random.once(in: 4) { parts.append((name, .text(value))) }
            if random.once(in: 2) { parts.append(("inline", .list([.text("a"), .text("b")]))) }
            if random.once(in: 6) {
                parts.append((random.pick(["runElevated", "runAsSystem", "updateLimit"]), odd(&random)))
            }
            return .object(parts)
        }
        let distributors = (0..<random.below(3)).map { number -> Made in
            .object([
                ("type", .text(random.pick(["SharedImage", "ManagedImage", "VHD", "X"]))),
                ("runOutputName", .text("r\(number)")),
                (
                    "galleryImageId",
                    .text("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/G/images/D")
                ),
                ("imageId", .text("<id>")), ("location", .text("eastus")),
                ("replicationRegions", .list([.text("eastus"), .text("<region2>")])),
            ])
        }
        let source: Made = .object([
            ("type", .text(random.pick(["PlatformImage", "ManagedImage", "SharedImageVersion", "Y"]))),
            ("publisher", .text("canonical")), ("offer", .text("o")), ("sku", .text("s")), ("version", .text("latest")),
        ])
        var properties: [(String, Made)] = [
            ("source", source), ("customize", .list(customizers)), ("distribute", .list(distributors)),
        ]
        if random.once(in: 3) { properties.append(("validate", .object([("inVMValidations", .list(customizers))]))) }
        if random.once(in: 3) {
            properties.append(
                ("vmProfile", .object([("vmSize", .text("Standard_D2")), ("osDiskSizeGB", odd(&random))]))
            )
        }
        if random.once(in: 3) {
            properties.append(("buildTimeoutInMinutes", random.once(in: 3) ? odd(&random) : .plain("80")))
        }
        let resource: Made = .object([
            ("type", .text("Microsoft.VirtualMachineImages/imageTemplates")), ("apiVersion", .text("2024-02-01")),
            ("name", .text("[parameters('name')]")),
            ("location", .text("<region>")), ("properties", .object(properties)),
        ])
        guard random.once(in: 2) else { return json(resource) }
        return json(
            .object([
                ("$schema", .text("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#")),
                (
                    "parameters",
                    .object([("name", .object([("type", .text("string")), ("defaultValue", .text("n"))]))])
                ),
                ("resources", .list([resource])),
            ])
        )
    }

    private static let customizerParts = [
        ("scriptUri", "https://example.com/a.sh"), ("sha256Checksum", "00"), ("sourceUri", "https://example.com/f"),
        ("destination", "/tmp/f"), ("restartTimeout", "5m"), ("restartCommand", "x"),
        ("searchCriteria", "IsInstalled=0"),
    ]
}
