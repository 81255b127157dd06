import Crypto
import Foundation
import RoostModel

/// A bill of materials of an image, in the two forms that tools read.
struct ImageBill {
    /// Of the image.
    var name: String
    var inventory: ImageInventory
    /// What the names of the documents are made from: the same image has the same.
    var identity: String
    var tool: String
    var made: Date

    /// As SPDX 2.3.
    func spdx() throws -> Data { try Self.json(SPDXDocument(self)) }

    /// As CycloneDX 1.5.
    func cycloneDX() throws -> Data { try Self.json(CycloneDXDocument(self)) }

    /// A UUID that is made from the image.
    var uuid: String {
        var bytes = Array(SHA256.hash(data: Array((identity + name).utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(LayerKey.hexadecimal(bytes))
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(digits[$0..<$1]) }.joined(separator: "-")
    }

    var moment: String { made.formatted(.iso8601) }

    static func json(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(value)
    }
}
