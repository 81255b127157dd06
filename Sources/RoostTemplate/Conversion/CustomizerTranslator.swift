import RoostLanguage

/// Says a provisioner of Packer as a step of Image Builder.
struct CustomizerTranslator {
    private let step: ImageStep
    private(set) var log = ConversionLosses()
    private var isSayable = true

    init(_ step: ImageStep) { self.step = step }

    /// The properties of the step; nil when it cannot be said at all.
    mutating func customizer() -> [(String, JSONText)]? {
        loseAround()
        let properties: [(String, JSONText)]? =
            switch step.type {
            case "shell": script("Shell", isWindows: false)
            case "powershell": script("PowerShell", isWindows: true)
            case "file": file()
            case "windows-restart":
                plain("WindowsRestart", ["restart_command", "restart_check_command", "restart_timeout"])
            case "windows-update": plain("WindowsUpdate", ["search_criteria", "filters", "update_limit"])
            default: unknown()
            }
        return isSayable ? properties : nil
    }

    private mutating func unknown() -> [(String, JSONText)]? {
        fail(
            "Provisioner \"\(step.type)\" cannot be said",
            "Image Builder has shell, powershell, file, windows-restart and windows-update.",
            step.range
        )
        return nil
    }

    private mutating func fail(_ summary: String, _ detail: String, _ range: HCLRange?, _ advice: String? = nil) {
        isSayable = false
        log.lose(summary, detail, range, advice)
    }

    /// What stands around a provisioner.
    private mutating func loseAround() {
        let parts: [(Bool, String)] = [
            (step.pauseBefore != .zero, "pause_before"), (step.timeout != .zero, "timeout"),
            (step.retries > 0, "max_retries"), (step.continuesOnError, "continue on error"),
        ]
        for (isThere, name) in parts where isThere {
            log.lose(
                "\"\(name)\" cannot be said",
                "Image Builder runs every step once, right after the one before it.",
                step.range
            )
        }
    }

    // MARK: Values

    /// A text that is known; a secret is not written.
    private mutating func text(_ value: SettingValue, _ name: String) -> String? {
        guard !value.hasSensitivePart else {
            fail(
                "A secret is not written",
                "The value of \"\(name)\" would stand in the template for everybody.",
                value.range,
                "Take it from a vault within the step."
            )
            return nil
        }
        switch value.form {
        case .text(let text): return text
        case .number, .truth: return value.plainText
        default:
            fail(
                "\"\(name)\" is known later only",
                "It speaks of the running build, which a template of Image Builder cannot.",
                value.range
            )
            return nil
        }
    }

    private mutating func texts(_ name: String) -> [String] {
        (step.settings[name]?.list ?? []).compactMap { text($0, name) }
    }

    private var named: [(String, JSONText)] { step.name.map { [("name", .text($0))] } ?? [] }

    private mutating func loseOthers(than known: [String]) {
        for entry in step.settings.entries where !known.contains(entry.name) && !entry.value.isNull {
            guard entry.value.truth != false, !isDefault(entry) else { continue }
            log.lose(
                "\"\(entry.name)\" of \(step.type) cannot be said",
                "Image Builder has nothing like it.",
                entry.nameRange
            )
        }
    }

    private func isDefault(_ entry: ImageSettings.Entry) -> Bool {
        switch (entry.name, entry.value.text) {
        case ("inline_shebang", "/bin/sh -e"), ("env_var_format", "%s='%s' "), ("execution_policy", "bypass"): true
        case ("execute_command", let command?):
            command.filter { $0 != " " } == "chmod+x{{.Path}};{{.Vars}}{{.Path}}"
        case ("valid_exit_codes", _): entry.value.list?.map(\.number?.int) == [0]
        default: false
        }
    }

    // MARK: Kinds

    private mutating func script(_ type: String, isWindows: Bool) -> [(String, JSONText)]? {
        let own = ["inline", "script_uri", "sha256_checksum", "environment_vars", "env"]
        let elevated = isWindows ? ["elevated_user", "elevated_password", "valid_exit_codes"] : []
        let files = ["script", "scripts"].compactMap(step.settings.entry).filter { !$0.value.isNull }
        for entry in files {
            fail(
                "A local script cannot be said",
                "Image Builder fetches scripts from an address.",
                entry.nameRange,
                "Put it where it can be fetched from, and use inline lines that do so."
            )
        }
        loseOthers(than: own + elevated + ["script", "scripts"])
        let lines = texts("inline")
        if let file = DownloadedFile(lines: lines, isWindows: isWindows) { return downloaded(file, type) }
        var properties: [(String, JSONText)] = [("type", .text(type))] + named
        if let address = step.settings["script_uri"] {
            properties.append(("scriptUri", .text(text(address, "script_uri") ?? "")))
            if let sum = step.settings.text("sha256_checksum") { properties.append(("sha256Checksum", .text(sum))) }
        } else {
            properties.append(("inline", .list((environment(isWindows) + lines).map(JSONText.text))))
        }
        return properties + (isWindows ? powerShell() : [])
    }

    private mutating func downloaded(_ file: DownloadedFile, _ type: String) -> [(String, JSONText)] {
        let sum: [(String, JSONText)] = file.checksum.isEmpty ? [] : [("sha256Checksum", .text(file.checksum))]
        switch file.use {
        case .script:
            return [("type", .text(type))] + named + [("scriptUri", .text(file.address))] + sum
                + (type == "PowerShell" ? powerShell() : [])
        case .file(let destination):
            return [("type", .text("File"))] + named + [("sourceUri", .text(file.address))] + sum
                + [("destination", .text(destination))]
        }
    }

    /// Variables of the environment as lines before the others.
    private mutating func environment(_ isWindows: Bool) -> [String] {
        var pairs = texts("environment_vars").compactMap { pair -> (String, String)? in
            guard let place = pair.firstIndex(of: "=") else { return nil }
            return (String(pair[..<place]), String(pair[pair.index(after: place)...]))
        }
        for entry in step.settings["env"]?.settings?.entries ?? [] {
            if let value = text(entry.value, "env") { pairs.append((entry.name, value)) }
        }
        return pairs.map { name, value in
            isWindows
                ? "$env:\(name) = '\(value.replacing("'", with: "''"))'"
                : "export \(name)='\(value.replacing("'", with: "'\"'\"'"))'"
        }
    }

    private mutating func powerShell() -> [(String, JSONText)] {
        var properties: [(String, JSONText)] = []
        if let user = step.settings["elevated_user"] {
            properties.append(("runElevated", .word("true")))
            if user.text == "SYSTEM" {
                properties.append(("runAsSystem", .word("true")))
            } else if !isConnectionUser(user) {
                log.lose(
                    "The user of elevated scripts cannot be said",
                    "Image Builder runs them as its own user, or as the system.",
                    step.settings.entry("elevated_user")?.nameRange
                )
            }
        }
        let codes = step.settings["valid_exit_codes"]?.list?.compactMap(\.number?.int) ?? []
        if !codes.isEmpty { properties.append(("validExitCodes", .list(codes.map { .word("\($0)") }))) }
        return properties
    }

    /// Whether it is the user that Packer connects as.
    private func isConnectionUser(_ value: SettingValue) -> Bool {
        switch value.form {
        case .template(let text), .text(let text):
            ["{{build`User`}}", "{{build\"User\"}}", "packer"].contains(text.filter { $0 != " " })
        case .later(let expression): expression.text == "build.User"
        default: false
        }
    }

    private mutating func file() -> [(String, JSONText)]? {
        loseOthers(than: ["source_uri", "sha256_checksum", "destination", "source", "sources", "content", "direction"])
        guard let address = step.settings["source_uri"] else {
            let source =
                step.settings.entry("source") ?? step.settings.entry("sources")
                ?? step.settings.entry("content")
            fail(
                "A local file cannot be said",
                "Image Builder fetches files from an address.",
                source?.nameRange ?? step.range,
                "Put it where it can be fetched from, and use inline lines that do so."
            )
            return nil
        }
        var properties: [(String, JSONText)] = [("type", .text("File"))] + named
        properties.append(("sourceUri", .text(text(address, "source_uri") ?? "")))
        if let sum = step.settings.text("sha256_checksum") { properties.append(("sha256Checksum", .text(sum))) }
        if let destination = step.settings["destination"] {
            properties.append(("destination", .text(text(destination, "destination") ?? "")))
        }
        return properties
    }

    /// A step whose options have the same meaning on both sides.
    private mutating func plain(_ type: String, _ names: [String]) -> [(String, JSONText)]? {
        loseOthers(than: names)
        var properties: [(String, JSONText)] = [("type", .text(type))] + named
        for name in names {
            guard let value = step.settings[name],
                let own = ImageStep.imageBuilderNames.first(where: { $0.value == name })?.key
            else { continue }
            if value.list != nil {
                properties.append((own, .list(texts(name).map(JSONText.text))))
            } else if let number = value.number?.int {
                properties.append((own, .word("\(number)")))
            } else if let text = text(value, name) {
                properties.append((own, .text(text)))
            }
        }
        return properties
    }
}
