/// A whole number of a strategy: how many copies there are, or how many may run at once.
public enum CopyCount: Hashable, Sendable {
    /// As the file gives it.
    case known(Int)
    /// `$[ ]` or `$(macro)` text that yields the number when the job's turn comes.
    case computed(PlannedText)

    /// The number, as far as it is known before a run.
    public var known: Int? {
        if case .known(let count) = self { count } else { nil }
    }
}

/// A number when it is known, else an object with the text and its place.
extension CopyCount: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self) {
            self = .known(count)
        } else {
            self = .computed(try container.decode(PlannedText.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .known(let count): try container.encode(count)
        case .computed(let text): try container.encode(text)
        }
    }
}

extension CopyCount: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) {
        self = .known(value)
    }
}
