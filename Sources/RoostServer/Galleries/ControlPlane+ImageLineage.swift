import FoundationEssentials
import RoostContent
import RoostModel
import RoostStore

extension ControlPlane {
    /// More than the inventory of any image has.
    private static let mostInventory = 1 << 26

    /// What is in a version, as whoever built it found; nil when it holds no such file.
    func imageInventory(of version: ImageVersion) async throws -> ImageInventory? {
        guard let bytes = try await imageFile(ImageInventory.file, of: version) else { return nil }
        do { return try JSONDecoder().decode(ImageInventory.self, from: Data(bytes)) } catch {
            throw ControlError.invalid(
                what: "The inventory of \(version.key)",
                problem: "it cannot be read",
                advice: "Build the image again; roost image build writes it."
            )
        }
    }

    /// A small file of a version, from the first good copy; nil when there is none of this name.
    private func imageFile(_ name: String, of version: ImageVersion) async throws -> [UInt8]? {
        let manifest = try await imageManifest(of: version)
        guard let entry = manifest.entries.first(where: { $0.path == name }),
            case .file(let size, _) = entry.kind, size <= Self.mostInventory
        else { return nil }
        var failure: any Error = ContentError.chunksMissing(count: 1)
        for store in try goodStores(of: version, region: nil) {
            var reader = ContentReader(
                manifest,
                space: version.content.space,
                owner: version.key.description,
                chunks: store
            )
            var bytes: [UInt8] = []
            do {
                try await reader.read(entry) { bytes += $0 }
                return bytes
            } catch { failure = error }
        }
        throw failure
    }

    // MARK: Uses

    /// Jobs that ran on versions of images.
    ///
    /// - Parameters:
    ///   - image: a version by its path; nil is all.
    ///   - package: only versions that hold such a package.
    ///   - since: the earliest moment.
    ///   - limit: of each version.
    /// - Throws: ``ControlError``, and when the content of a version cannot be read.
    /// - Returns: the newest first, with the packages that were asked for; and versions whose packages nobody knows.
    func imageUses(
        of image: String?,
        package: PackageQuery?,
        since: Date,
        limit: Int
    ) async throws -> (uses: [(use: ImageUse, packages: [ImagePackage])], unknown: [String]) {
        var uses: [(use: ImageUse, packages: [ImagePackage])] = []
        var unknown: [String] = []
        let used = try await storeAnswer { store throws(StoreError) in
            try await store.usedImages(since: since)
        }
        for name in used.keys.sorted() where image == nil || image?.lowercased() == name {
            var packages: [ImagePackage] = []
            if let package {
                guard let inventory = try await inventory(of: name) else {
                    unknown.append(name)
                    continue
                }
                packages = package.matches(in: inventory.packages)
                if packages.isEmpty { continue }
            }
            let found = try await storeAnswer { store throws(StoreError) in
                try await store.imageUses(of: name, since: since, limit: limit)
            }
            uses += found.map { ($0, packages) }
        }
        return (uses.sorted { $0.use.at > $1.use.at }, unknown)
    }

    /// Of a version by its path; nil also when it was deleted.
    private func inventory(of path: String) async throws -> ImageInventory? {
        guard let key = ImageVersionKey(resource: path), let version = read({ $0.images[key] }) else { return nil }
        return try await imageInventory(of: version)
    }

    private func storeAnswer<Value: Sendable>(
        _ ask: (any Store) async throws(StoreError) -> Value
    ) async throws(ControlError) -> Value {
        do throws(StoreError) { return try await ask(store) } catch { throw .storeUnavailable(error) }
    }
}
