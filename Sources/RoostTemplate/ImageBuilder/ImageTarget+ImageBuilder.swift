extension ImageTarget {
    /// The target that a template makes, as far as it could be understood.
    init(imageBuilder template: ImageSettings, fileName: String, range: HCLRange?) {
        let properties = template.block("properties") ?? ImageSettings()
        let steps = properties.blocks("customize").compactMap(ImageStep.init(imageBuilder:))
        let validations = properties.block("validate")?.blocks("inVMValidations") ?? []
        self.init(
            name: template["name"]?.text ?? fileName,
            type: "azure-image-builder",
            settings: Self.settings(template, properties),
            provisioners: steps,
            validations: validations.compactMap(ImageStep.init(imageBuilder:)),
            range: range.map { HCLRange($0.source, $0.bytes.lowerBound..<($0.bytes.lowerBound + 1)) }
        )
    }

    /// Everything but the steps: what is around the properties, and the properties, under their own names.
    private static func settings(_ template: ImageSettings, _ properties: ImageSettings) -> ImageSettings {
        let around = ["apiVersion", "location", "tags", "identity"].compactMap(template.entry)
        var settings = ImageSettings(around, missingRange: properties.missingRange ?? template.missingRange)
        for entry in properties.entries where entry.name != "customize" {
            guard entry.name == "validate", var validate = entry.value.settings else {
                settings.entries.append(entry)
                continue
            }
            validate.entries.removeAll { $0.name == "inVMValidations" }
            let value = SettingValue(.object(validate), range: entry.value.range)
            if !validate.entries.isEmpty { settings.set("validate", value, nameRange: entry.nameRange) }
        }
        return settings
    }
}

extension ImageStep {
    /// Options of Packer's provisioners under the names that Image Builder has for them; `*_uri` and `sha256_checksum` are its own.
    static let imageBuilderNames: KeyValuePairs<String, String> = [
        "scriptUri": "script_uri", "script": "script_uri", "inline": "inline", "sha256Checksum": "sha256_checksum",
        "validExitCodes": "valid_exit_codes", "sourceUri": "source_uri", "destination": "destination",
        "restartCommand": "restart_command", "restartCheckCommand": "restart_check_command",
        "restartTimeout": "restart_timeout", "searchCriteria": "search_criteria", "filters": "filters",
        "updateLimit": "update_limit",
    ]

    private static let types: KeyValuePairs<String, String> = [
        "Shell": "shell", "shell": "shell", "PowerShell": "powershell", "File": "file",
        "WindowsRestart": "windows-restart", "WindowsUpdate": "windows-update",
    ]

    /// Who runs elevated scripts: the user of the connection.
    static let elevatedUser = "{{ build `User` }}"
    static let elevatedPassword = "{{ build `Password` }}"

    /// One of `customize` or of the validations; nil for types that do not exist.
    init?(imageBuilder step: ImageSettings) {
        guard let type = Self.types.first(where: { $0.key == step.text("type") })?.value else { return nil }
        var settings = ImageSettings(missingRange: step.missingRange)
        for entry in step.entries where !Self.isDefault(entry) {
            guard let name = Self.imageBuilderNames.first(where: { $0.key == entry.name })?.value else { continue }
            settings.set(name, entry.value, nameRange: entry.nameRange)
        }
        if let elevated = step.entry("runElevated"), step.truth("runElevated") {
            let isSystem = step.truth("runAsSystem")
            let range = elevated.value.range
            let (user, password): (SettingValue.Form, SettingValue.Form) =
                isSystem
                ? (.text("SYSTEM"), .text("")) : (.template(Self.elevatedUser), .template(Self.elevatedPassword))
            settings.set("elevated_user", SettingValue(user, range: range), nameRange: elevated.nameRange)
            settings.set("elevated_password", SettingValue(password, range: range), nameRange: elevated.nameRange)
        }
        self.init(type: type, name: step.text("name"), settings: settings, range: step["type"]?.range)
    }

    /// Values that mean the same as none.
    private static func isDefault(_ entry: ImageSettings.Entry) -> Bool {
        if entry.value.isNull || entry.value.text == "" { return true }
        if entry.value.list?.isEmpty == true { return true }
        return entry.name == "updateLimit" && entry.value.number?.isZero == true
    }
}
