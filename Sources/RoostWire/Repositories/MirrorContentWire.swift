/// What a server's copy of a repository is made of: files that a new mirror can take as they are, without working anything out anew.
public struct MirrorContentWire: Codable, Sendable, Hashable {
    /// A branch, a tag or another name, and the object it stands for.
    public struct Ref: Codable, Sendable, Hashable {
        public var name: String
        public var objectId: String

        public init(name: String, objectId: String) {
            self.name = name
            self.objectId = objectId
        }
    }

    /// A pack with its index.
    public struct Pack: Codable, Sendable, Hashable {
        /// Such as `pack-…`, without an ending.
        public var name: String
        /// Bytes of the pack.
        public var size: Int
        /// Bytes of its index.
        public var indexSize: Int

        public init(name: String, size: Int, indexSize: Int) {
            self.name = name
            self.size = size
            self.indexSize = indexSize
        }
    }

    public var packs: [Pack]
    public var refs: [Ref]

    public init(packs: [Pack], refs: [Ref]) {
        self.packs = packs
        self.refs = refs
    }

    /// Bytes of all packs and indexes.
    public var size: Int { packs.reduce(0) { $0 + $1.size + $1.indexSize } }
}
