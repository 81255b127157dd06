/// Lines that fetch a file within a machine: Packer has no step that takes an address.
///
/// The lines say all there is to know of the file, so that they can be read back.
struct DownloadedFile: Hashable {
    /// What becomes of it.
    enum Use: Hashable {
        /// It is run.
        case script
        /// It is put somewhere.
        case file(destination: String)
    }

    var address: String
    /// Empty is none.
    var checksum: String
    var use: Use
    var isWindows: Bool

    var lines: [String] { isWindows ? windowsLines : linuxLines }

    // MARK: Linux

    private var linuxLines: [String] {
        let fetch = "curl --fail --silent --show-error --location --retry 3"
        switch use {
        case .script:
            return ["script=\"$(mktemp)\"", "\(fetch) --output \"$script\" \(quoted(address))"]
                + check("$script") + ["chmod +x \"$script\"", "\"$script\"", "rm -f \"$script\""]
        case .file(let destination):
            return ["file=\(quoted(destination))", "\(fetch) --output \"$file\" \(quoted(address))"] + check("$file")
        }
    }

    private func check(_ file: String) -> [String] {
        checksum.isEmpty ? [] : ["echo \"\(checksum)  \(file)\" | sha256sum --check -"]
    }

    private func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
    }

    // MARK: Windows

    private var windowsLines: [String] {
        let strict = "$ErrorActionPreference = 'Stop'"
        let check =
            checksum.isEmpty
            ? []
            : [
                "if ((Get-FileHash -Algorithm SHA256 $file).Hash -ne \(doubled(checksum))) "
                    + "{ throw \"The checksum of $file is wrong.\" }"
            ]
        let fetch = "Invoke-WebRequest -UseBasicParsing -Uri \(doubled(address)) -OutFile $file"
        switch use {
        case .script:
            let name = "$file = Join-Path $env:TEMP ([IO.Path]::GetRandomFileName() + '.ps1')"
            return [strict, name, fetch] + check
                + ["& $file", "$code = $LASTEXITCODE", "Remove-Item -Force $file", "if ($code) { exit $code }"]
        case .file(let destination): return [strict, "$file = \(doubled(destination))", fetch] + check
        }
    }

    private func doubled(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    // MARK: Reading back

    /// Nil when the lines are not exactly such lines.
    init?(lines: [String], isWindows: Bool) {
        guard let found = isWindows ? Self.windows(lines) : Self.linux(lines), found.lines == lines else { return nil }
        self = found
    }

    init(address: String, checksum: String, use: Use, isWindows: Bool) {
        self.address = address
        self.checksum = checksum
        self.use = use
        self.isWindows = isWindows
    }

    private static func linux(_ lines: [String]) -> DownloadedFile? {
        guard lines.count >= 2, let start = lines[1].firstRange(of: " --output \"$") else { return nil }
        let rest = lines[1][start.upperBound...]
        guard let quote = rest.firstIndex(of: "'") else { return nil }
        let address = unquoted(rest[quote...], "'\"'\"'")
        let check = lines.first { $0.hasPrefix("echo \"") && $0.hasSuffix("sha256sum --check -") }
        let checksum = check.map { String($0.dropFirst(6).prefix { $0 != " " }) } ?? ""
        let use: Use =
            lines[0].hasPrefix("file=") ? .file(destination: unquoted(lines[0].dropFirst(5), "'\"'\"'")) : .script
        return DownloadedFile(address: address, checksum: checksum, use: use, isWindows: false)
    }

    private static func windows(_ lines: [String]) -> DownloadedFile? {
        guard lines.count >= 3, let start = lines[2].firstRange(of: "-Uri "),
            let end = lines[2].firstRange(of: " -OutFile")
        else { return nil }
        let address = unquoted(lines[2][start.upperBound..<end.lowerBound], "''")
        let check = lines.first { $0.contains("-ne '") }.flatMap { line in
            line.firstRange(of: "-ne '").map { String(line[$0.upperBound...].prefix { $0 != "'" }) }
        }
        let use: Use =
            lines[1].hasPrefix("$file = '")
            ? .file(destination: unquoted(lines[1].dropFirst("$file = ".count), "''")) : .script
        return DownloadedFile(address: address, checksum: check ?? "", use: use, isWindows: true)
    }

    private static func unquoted(_ text: some StringProtocol, _ quote: String) -> String {
        String(text.dropFirst().dropLast()).replacing(quote, with: "'")
    }
}
