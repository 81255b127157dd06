import FoundationEssentials
import RoostModel

/// What is written down about a machine before anything of it is made: `machine.json` in its folder.
struct MachineRecord: Codable, Hashable, Sendable {
    var tag: MachineTag
    /// Digest of its image.
    var image: String?

    init(_ order: MachineOrder) {
        tag = order.tag
        image = order.image?.digest
    }

    /// The machine's name here: two servers, or two pools, never have the same.
    var id: String { Self.id(tag) }

    static func id(_ tag: MachineTag) -> String {
        "\(tag.server.uuidString.lowercased())-\(tag.pool)-\(tag.instance)"
    }

    /// Whether a text can be such a name, and so names a folder and nothing else.
    static func isID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count < 120
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}
