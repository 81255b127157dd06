import Foundation
import RoostModel

/// What cloud-init reads in a machine when it first starts: a disk called CIDATA, as its source NoCloud has it.
///
/// A disk that is one of many has run cloud-init once; it runs anew where the number of the instance is another one.
struct VMSeed: Sendable {
    /// The number of the instance.
    let id: String
    let name: String

    /// `meta-data`.
    var facts: String { "instance-id: \(id)\nlocal-hostname: \(name)\n" }

    /// `user-data`: nothing is to be done, and what joins a server comes by another way.
    static let wishes = "#cloud-config\n{}\n"

    /// Writes the disk `seed.img` of a folder.
    func write(in folder: String) async throws(ProviderFailure) {
        let files = [("meta-data", facts), ("user-data", Self.wishes)]
        for (name, text) in files { try VMFolder.write(text, to: "\(folder)/\(name)") }
        let disk = "\(folder)/seed.img"
        try await VMTool.format.run(["-i", disk, "-C", "-f", "720", "-v", "CIDATA", "::"], in: folder)
        try await VMTool.copy.run(["-i", disk] + files.map(\.0) + ["::"], in: folder)
        for (name, _) in files { unlink("\(folder)/\(name)") }
    }
}
