import Foundation
import RoostModel

/// The name of a machine's folder, which is its tag: what half a call has left is known by it.
struct VMName: Hashable, Sendable {
    private static let departing = "gone."

    let tag: MachineTag
    /// Whether it is being removed.
    var isDeparting = false

    init(_ tag: MachineTag) { self.tag = tag }

    /// Nil for a name that is no machine's.
    init?(_ text: String) {
        isDeparting = text.hasPrefix(Self.departing)
        let parts = (isDeparting ? text.dropFirst(Self.departing.count) : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let server = UUID(uuidString: String(parts[0])), let pool = Int(parts[1]),
            let instance = Int(parts[2]), let generation = Int(parts[3])
        else { return nil }
        tag = MachineTag(server: server, pool: PoolID(pool), instance: instance, generation: generation)
        guard text == self.text else { return nil }
    }

    /// The machine's id.
    var id: String {
        "\(tag.server.uuidString.lowercased()).\(tag.pool.rawValue).\(tag.instance).\(tag.generation)"
    }

    /// The folder's name.
    var text: String { (isDeparting ? Self.departing : "") + id }

    var asDeparting: VMName {
        var name = self
        name.isDeparting = true
        return name
    }

    /// What calls about one machine have in common, whichever its generation.
    var instance: String { "\(tag.server).\(tag.pool.rawValue).\(tag.instance)" }
}
