import Crypto
import FoundationEssentials

/// Names a sealing key without telling anything of it: the beginning of a hash of it.
struct SealingKeyID: Hashable, Sendable, CustomStringConvertible {
    static let size = 8
    let bytes: [UInt8]

    init(of key: Data) {
        bytes = Array(SHA256.hash(data: Data("roost sealing key".utf8) + key).prefix(Self.size))
    }

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    var description: String { bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined() }
}
