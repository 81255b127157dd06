public import Foundation

/// What is known of a layer besides its files; nothing of settings, which may be secret.
public struct LayerRecord: Sendable, Hashable, Codable {
    /// Which making it is, as 64 hexadecimal digits.
    public var identity: String
    /// The digest of what decides its content.
    public var key: String
    /// Of the layer below; nil for a base.
    public var parent: String?
    /// What was done, such as `shell`.
    public var title: String
    public var made: Date

    public init(identity: String, key: String, parent: String?, title: String, made: Date) {
        self.identity = identity
        self.key = key
        self.parent = parent
        self.title = title
        self.made = made
    }
}

/// A layer in a cache, with its size and its last use.
public struct StoredLayer: Sendable, Hashable {
    public var record: LayerRecord
    public var bytes: Int
    public var used: Date

    public init(record: LayerRecord, bytes: Int, used: Date) {
        self.record = record
        self.bytes = bytes
        self.used = used
    }
}
