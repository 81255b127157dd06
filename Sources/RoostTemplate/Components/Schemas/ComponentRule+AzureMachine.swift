import RoostLanguage

extension ComponentRule {
    /// A name as Azure's resources have them: it begins with a letter or digit and does not end with a hyphen or a dot.
    static func azureName(_ name: String, longest: Int, isPrefix: Bool = false) -> ComponentRule {
        ComponentRule("`\(name)` is a name that Azure takes, of at most \(longest) characters.") {
            settings,
            component in
            guard let text = settings.plainText(name), !text.isEmpty, !text.isResourceName(longest, isPrefix) else {
                return []
            }
            return [
                settings.problem(
                    "not-allowed",
                    "\"\(name)\" of \(component) is no name for Azure, not \"\(text)\"",
                    about: name,
                    in: component,
                    advice:
                        "Names have at most \(longest) letters, digits and \"-\", \"_\", \".\", \"(\" or \")\"; they begin with a letter or digit and do not end with \"-\" or \".\"."
                )
            ]
        }
    }

    /// Addresses that may come in are for networks that the build makes.
    static let azureInboundAddresses = ComponentRule(
        "`allowed_inbound_ip_addresses` with `virtual_network_name` gives a warning, as many versions of Packer's plugin refuse it."
    ) { settings, component in
        let names = ["virtual_network_name", "allowed_inbound_ip_addresses"]
        guard settings.given(names).count == 2 else { return [] }
        return [
            settings.problem(
                "conflict",
                "\"allowed_inbound_ip_addresses\" of \(component) is refused by many versions of Packer's Azure plugin together with \"virtual_network_name\"",
                about: names[1],
                in: component,
                advice: "Leave it out, and let rules of the network itself say who may come in."
            ).asWarning
        ]
    }

    static let azureTags = ComponentRule(
        "At most 50 tags, with names of at most 512 characters and values of at most 256."
    ) { settings, component in
        var problems: [Diagnostic] = []
        let tags = settings["azure_tags"]?.settings?.entries ?? []
        let blocks = settings["azure_tag"]?.list ?? []
        if tags.count + blocks.count > 50 {
            problems.append(
                settings.problem(
                    "not-allowed",
                    "\(component) has \(tags.count + blocks.count) tags, more than the 50 that Azure takes",
                    about: tags.isEmpty ? "azure_tag" : "azure_tags",
                    in: component
                )
            )
        }
        for tag in tags where tag.name.utf16.count > 512 || (tag.value.text?.utf16.count ?? 0) > 256 {
            problems.append(
                settings.problem(
                    "not-allowed",
                    "The tag \"\(tag.name.prefix(40))\" of \(component) is too long",
                    about: "azure_tags",
                    in: component,
                    advice: "Names of tags have at most 512 characters, values 256."
                )
            )
        }
        return problems
    }

    /// Licences that somebody brings along are for one system or the other.
    static let azureLicence = ComponentRule(
        "`license_type` is `RHEL_BYOS` or `SLES_BYOS` for Linux, `Windows_Client` or `Windows_Server` for Windows."
    ) { settings, component in
        let licences = ["linux": ["RHEL_BYOS", "SLES_BYOS"], "windows": ["Windows_Client", "Windows_Server"]]
        guard let licence = settings.plainText("license_type"), !licence.isEmpty,
            let system = settings.plainText("os_type"), let known = licences[system.lowercased()],
            !known.contains(where: { $0.lowercased() == licence.lowercased() })
        else { return [] }
        return [
            settings.problem(
                "not-allowed",
                "\"license_type\" of \(component) has to be \(known.alternatives) for \(system), not \"\(licence)\"",
                about: "license_type",
                in: component
            )
        ]
    }
}

extension String {
    fileprivate func isResourceName(_ longest: Int, _ isPrefix: Bool) -> Bool {
        guard unicodeScalars.count <= longest, let first = unicodeScalars.first, first.isLetterOrDigit,
            isPrefix || !(hasSuffix("-") || hasSuffix("."))
        else { return false }
        return unicodeScalars.allSatisfy { $0.isLetterOrDigit || "-_.()".unicodeScalars.contains($0) }
    }
}

extension Unicode.Scalar {
    fileprivate var isLetterOrDigit: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
    }
}
