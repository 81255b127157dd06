import Crypto
import Foundation

extension HCLFunctions {
    static let hashes: [String: HCLFunction] = [
        "md5": hash { Insecure.MD5.hash(data: $0) },
        "sha1": hash { Insecure.SHA1.hash(data: $0) },
        "sha256": hash { SHA256.hash(data: $0) },
        "sha512": hash { SHA512.hash(data: $0) },
        "uuidv5": HCLFunction(.init("namespace", .string), .init("name", .string), result: .string) { arguments in
            let space = try namespace(arguments[0].textOrEmpty)
            let hash = Insecure.SHA1.hash(data: Data(space) + Data(arguments[1].textOrEmpty.utf8))
            return .string(uuid(Array(hash.prefix(16)), version: 5))
        },
    ]

    private static func hash<D: Digest>(_ body: @escaping @Sendable (Data) -> D) -> HCLFunction {
        HCLFunction(.init("str", .string), result: .string) { arguments in
            .string(hexadecimal(body(Data(arguments[0].textOrEmpty.utf8))))
        }
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The text of a UUID, with its version set in the bytes (RFC 9562).
    static func uuid(_ bytes: [UInt8], version: UInt8) -> String {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0F | version << 4
        bytes[8] = bytes[8] & 0x3F | 0x80
        let text = hexadecimal(bytes)
        var parts: [Substring] = []
        var rest = text[...]
        for count in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return parts.joined(separator: "-")
    }

    private static func namespace(_ name: String) throws -> [UInt8] {
        // Namespaces of the standard differ in one digit.
        let last: [String: String] = ["dns": "0", "url": "1", "oid": "2", "x500": "4"]
        let text = last[name].map { "6ba7b81\($0)-9dad-11d1-80b4-00c04fd430c8" } ?? name
        guard let uuid = UUID(uuidString: text) else {
            throw HCLFunctionFault("uuidv5() doesn't support namespace \(name)", argument: 0)
        }
        return withUnsafeBytes(of: uuid.uuid) { Array($0) }
    }
}
