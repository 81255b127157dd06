import Foundation
import RoostModel

/// What cloud-init reads in a machine when it first starts: a disk called CIDATA, as its source NoCloud has it.
///
/// A disk that is one of many has run cloud-init once; it runs anew where the number of the instance is another one.
struct VMSeed: Sendable {
    let tag: MachineTag

    /// `meta-data`.
    var facts: String {
        "instance-id: \(VMName(tag).id)\nlocal-hostname: \(tag.name)\n"
    }

    /// `user-data`: nothing is to be done, and what joins a server comes by another way.
    static let wishes = "#cloud-config\n{}\n"

    /// Writes the disk.
    func write(_ folder: VMFolder) async throws(ProviderFailure) {
        let files = [("meta-data", facts), ("user-data", Self.wishes)]
        for (name, text) in files { try folder.write(text, to: "\(folder.path)/\(name)") }
        try await VMTool.format.run(["-i", folder.seed, "-C", "-f", "720", "-v", "CIDATA", "::"], in: folder.path)
        try await VMTool.copy.run(["-i", folder.seed] + files.map(\.0) + ["::"], in: folder.path)
        for (name, _) in files { unlink("\(folder.path)/\(name)") }
    }
}
