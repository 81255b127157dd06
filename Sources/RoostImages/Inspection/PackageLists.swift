import RoostModel

/// Reads the lists that packagers keep.
enum PackageLists {
    /// `/var/lib/dpkg/status`: those that are installed.
    static func dpkg(_ text: String) -> [ImagePackage] {
        paragraphs(text, separator: ":").compactMap { fields in
            guard let name = fields["Package"], let version = fields["Version"],
                fields["Status"].map({ $0.hasSuffix(" installed") }) ?? true
            else { return nil }
            let source = fields["Source"]?.split(separator: " ").first.map(String.init)
            return ImagePackage(
                kind: .deb,
                name: name,
                version: version,
                architecture: fields["Architecture"] ?? "all",
                source: source == name ? nil : source
            )
        }
    }

    /// `/lib/apk/db/installed`.
    static func apk(_ text: String) -> [ImagePackage] {
        paragraphs(text, separator: ":").compactMap { fields in
            guard let name = fields["P"], let version = fields["V"] else { return nil }
            return ImagePackage(
                kind: .apk,
                name: name,
                version: version,
                architecture: fields["A"] ?? "noarch",
                source: fields["o"] == name ? nil : fields["o"],
                license: fields["L"]
            )
        }
    }

    /// How rpm is asked.
    static let rpmFormat = #"%{NAME}\t%{EPOCHNUM}\t%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\t%{LICENSE}\n"#

    /// What it answers.
    static func rpm(_ text: String) -> [ImagePackage] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 6, parts[0] != "gpg-pubkey" else { return nil }
            return ImagePackage(
                kind: .rpm,
                name: parts[0],
                version: parts[1] == "0" ? parts[2] : "\(parts[1]):\(parts[2])",
                architecture: parts[3],
                source: sourceName(parts[4], of: parts[0]),
                license: parts[5].isEmpty ? nil : parts[5]
            )
        }
    }

    /// The name in `NAME-VERSION-RELEASE.src.rpm`, unless it is the package's own.
    private static func sourceName(_ file: String, of name: String) -> String? {
        let parts = file.split(separator: "-")
        guard parts.count > 2 else { return nil }
        let source = parts.dropLast(2).joined(separator: "-")
        return source == name ? nil : source
    }

    /// Paragraphs of `name: value` lines; lines that go on are left out.
    private static func paragraphs(_ text: String, separator: Character) -> [[String: String]] {
        var (all, current): ([[String: String]], [String: String]) = ([], [:])
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if !current.isEmpty { all.append(current) }
                current = [:]
            } else if line.first != " ", let colon = line.firstIndex(of: separator) {
                let value = line[line.index(after: colon)...]
                current[String(line[..<colon])] = String(value.drop { $0 == " " })
            }
        }
        return current.isEmpty ? all : all + [current]
    }
}
