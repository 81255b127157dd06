import FoundationEssentials
import RoostContent

/// Files for diagnosis in one archive, with everything secret hidden.
struct DiagnosticBundle: Sendable {
    private(set) var parts: [DiagnosticPart]
    private let moment: Date

    /// - Parameters:
    ///   - title: whose it is.
    ///   - parts: as they were found.
    ///   - masker: what hides secrets in all of them.
    ///   - moment: when it was made.
    init(_ title: String, _ parts: [DiagnosticPart], _ masker: DiagnosticMasker, at moment: Date) {
        let clean = parts.map { DiagnosticPart($0.name, $0.about, masker.clean($0.text)) }
        let list = clean.map { "\($0.name)\n    \($0.about)" }.joined(separator: "\n")
        let readme = """
            \(title), \(DiagnosticLog.moment(moment)), Roost \(AgentVersion.roost)

            What the agent knows to be secret, and what looks like it, is replaced by \(SecretMasker.replacement) in all files.
            The agent's key, its tokens and the password of its proxy are in none of them.

            \(list)

            """
        self.parts = [DiagnosticPart("README.txt", "what is in here", readme)] + clean
        self.moment = moment
    }

    /// A ZIP archive.
    var archive: [UInt8] {
        var zip = ZipArchive()
        var bytes: [UInt8] = []
        for part in parts {
            bytes += zip.begin(part.name, at: moment, mode: 0o600)
            let data = Array(part.text.utf8)
            zip.add(data)
            bytes += data + zip.end()
        }
        return bytes + zip.finish()
    }
}
