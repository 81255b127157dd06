import FoundationEssentials

/// The vendor's service writes UUIDs in lower case, and clients compare them as texts; what the compiler makes for a `Codable` takes these
/// instead of the general ones.
extension KeyedEncodingContainer {
    mutating func encode(_ value: UUID, forKey key: Key) throws {
        try encode(value.uuidString.lowercased(), forKey: key)
    }

    mutating func encodeIfPresent(_ value: UUID?, forKey key: Key) throws {
        try encodeIfPresent(value?.uuidString.lowercased(), forKey: key)
    }
}
