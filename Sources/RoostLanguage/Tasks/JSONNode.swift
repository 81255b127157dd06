/// A value of JSON that knows the line it stands on, so that messages can point at it.
public struct JSONNode: Hashable, Sendable {
    /// What it is.
    public indirect enum Content: Hashable, Sendable {
        case null
        case bool(Bool)
        /// As it is written.
        case number(String)
        case string(String)
        case array([JSONNode])
        case object([JSONMember])
    }

    public let content: Content
    /// 1 is the first.
    public let line: Int

    /// Reads a whole text, which must be UTF-8; a byte order mark is fine.
    ///
    /// - Throws: ``JSONFault``.
    public static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONNode { try JSONNodeReader.read(bytes) }

    /// The member of a name, ignoring case; of several the last counts.
    public func member(_ name: String) -> JSONMember? {
        guard case .object(let members) = content else { return nil }
        return members.last { equalIgnoringCase($0.name, name) }
    }

    public subscript(name: String) -> JSONNode? { member(name)?.value }

    /// The text of a string, a number or a truth value.
    public var text: String? {
        switch content {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// A truth value, also as a word.
    public var truth: Bool? {
        switch text?.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    public var items: [JSONNode]? { if case .array(let items) = content { items } else { nil } }
    public var members: [JSONMember]? { if case .object(let members) = content { members } else { nil } }
    public var isNull: Bool { content == .null }
}

/// A name and a value of an object.
public struct JSONMember: Hashable, Sendable {
    public let name: String
    public let line: Int
    public let value: JSONNode
}

/// Why a text is no JSON.
public struct JSONFault: Error, Hashable {
    public let line: Int
    public let problem: String
}
