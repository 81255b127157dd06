import RoostStore
import Testing

/// A blob store the contract is checked against; another one is one line in ``all``.
struct BlobEngine: Sendable, CustomTestStringConvertible {
    let name: String
    let open: @Sendable (_ folder: String) throws -> any BlobStore

    static let all = [
        BlobEngine(name: "folder") { try FolderBlobStore(path: $0 + "/blobs") },
        BlobEngine(name: "folder that survives power cuts") {
            try FolderBlobStore(path: $0 + "/blobs", durability: .powerCut)
        },
        BlobEngine(name: "folder with few open files") { try FolderBlobStore(path: $0 + "/blobs", openFileLimit: 4) },
    ]

    var testDescription: String { name }

    func withStore(_ body: (any BlobStore) async throws -> Void) async throws {
        try await withScratchFolder { try await body(try open($0)) }
    }
}

/// A key that is known to be one.
func key(_ text: String, location: SourceLocation = #_sourceLocation) throws -> BlobKey {
    try #require(BlobKey(text), sourceLocation: location)
}

extension BlobStore {
    /// Everything a blob holds.
    func content(_ key: BlobKey) async throws -> [UInt8] { try await read(key, 0..<Int.max) }

    /// Everything a follower gets, until the blob is finished.
    func followed(_ key: BlobKey, from offset: Int = 0) async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await chunk in follow(key, from: offset) { all += chunk }
        return all
    }
}
