/// What galleries, definitions and versions are called, and by what they are found; case says nothing.
public enum GalleryNames {
    /// Letters, digits, `.` and `_`, at most 80; no dash, as in Azure.
    public static func isGallery(_ name: String) -> Bool { isFine(name, besides: "._") }
    /// As a gallery's, with dashes.
    public static func isDefinition(_ name: String) -> Bool { isFine(name, besides: "._-") }

    private static func isFine(_ name: String, besides others: String) -> Bool {
        guard (1...80).contains(name.utf8.count), let first = name.utf8.first, let last = name.utf8.last else {
            return false
        }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && name.utf8.allSatisfy { isAlphanumeric($0) || others.utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// Finds a definition: its gallery's name and its own, in small letters.
public struct ImageDefinitionKey: Hashable, Sendable, Codable, CustomStringConvertible {
    public let gallery: String
    public let definition: String

    public init(_ gallery: String, _ definition: String) {
        self.gallery = gallery.lowercased()
        self.definition = definition.lowercased()
    }

    public var description: String { "/galleries/\(gallery)/images/\(definition)" }
}

/// Finds a version.
public struct ImageVersionKey: Hashable, Sendable, Codable, CustomStringConvertible {
    public let definition: ImageDefinitionKey
    public let number: ImageVersionNumber

    public init(_ definition: ImageDefinitionKey, _ number: ImageVersionNumber) {
        self.definition = definition
        self.number = number
    }

    /// From `/galleries/G/images/D/versions/V`, also behind the path of a subscription and a resource group; nil for all else.
    public init?(resource text: String) {
        let parts = text.split(separator: "/").map(String.init)
        guard let start = parts.lastIndex(where: { $0.lowercased() == "galleries" }), parts.count == start + 6,
            parts[start + 2].lowercased() == "images", parts[start + 4].lowercased() == "versions",
            let number = ImageVersionNumber(parts[start + 5])
        else { return nil }
        self.init(ImageDefinitionKey(parts[start + 1], parts[start + 3]), number)
    }

    public var description: String { "\(definition)/versions/\(number)" }
}
