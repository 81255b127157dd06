/// Which version a consumer asks for.
public enum ImageSelector: Hashable, Sendable, CustomStringConvertible {
    /// The latest of all.
    case latest
    /// The latest with this major, or with this major and minor number.
    case pinned(major: UInt32, minor: UInt32?)
    /// This one, also when it is excluded from latest.
    case exactly(ImageVersionNumber)
    /// The one that a channel points at.
    case channel(String)

    /// Reads `latest`, `1`, `1.4`, `1.4.2` or the name of a channel; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { ImageVersionNumber.number($0) }
        if let number = ImageVersionNumber(text) {
            self = .exactly(number)
        } else if numbers.count == parts.count, numbers.count < 3 {
            self = .pinned(major: numbers[0], minor: numbers.count == 2 ? numbers[1] : nil)
        } else if text.lowercased() == "latest" {
            self = .latest
        } else if Self.isChannel(text) {
            self = .channel(text.lowercased())
        } else {
            return nil
        }
    }

    /// Whether a channel may have a name: a letter, then letters, digits and dashes; not `latest`.
    public static func isChannel(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 40, name.lowercased() != "latest" else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        return isLetter(first)
            && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }

    public var description: String {
        switch self {
        case .latest: "latest"
        case .pinned(let major, let minor): minor.map { "\(major).\($0)" } ?? "\(major)"
        case .exactly(let number): number.description
        case .channel(let name): name
        }
    }
}
