import Foundation
import RoostImages
import RoostModel

/// The disks that machines stand on: one for each image, fetched once.
actor VMImageShelf {
    struct Disk: Sendable, Hashable {
        var path: String
        var form: String
    }

    /// A disk that nobody stands on is kept for so long: the next machine may be of it.
    private static let keeping: TimeInterval = 7 * 24 * 3600
    private static let part = ".part."

    private let folder: String
    private var fetches: [String: Task<Void, any Error>] = [:]

    init(_ folder: String) { self.folder = folder }

    /// The disk of an image.
    ///
    /// - Throws: ``ProviderFailure/image(name:_:)`` when it has none, ``ProviderFailure/failed(_:)`` with what reading the gallery met.
    func disk(of image: MachineImage) async throws(ProviderFailure) -> Disk {
        guard !image.digest.isEmpty, image.digest.allSatisfy(\.isHexDigit) else {
            throw .image(name: image.name, "its digest is none")
        }
        let place = "\(folder)/\(image.digest)"
        if access(place, F_OK) != 0 { try await fetched(image, place) }
        try? FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: place)
        guard let disk = Self.disk(in: place) else { throw .image(name: image.name, "it holds no disk") }
        return disk
    }

    /// The disk of an image that was fetched already; nil for others.
    func known(_ digest: String) -> Disk? { Self.disk(in: "\(folder)/\(digest)") }

    /// Who comes while it is fetched waits for that; nobody who leaves ends it for the others.
    private func fetched(_ image: MachineImage, _ place: String) async throws(ProviderFailure) {
        let task =
            fetches[image.digest]
            ?? Task { [folder] in
                let part = "\(folder)/\(Self.part)\(UUID().uuidString)"
                defer { try? FileManager.default.removeItem(atPath: part) }
                try FileManager.default.createDirectory(
                    atPath: part,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
                try await image.fetch(part)
                if rename(part, place) != 0, access(place, F_OK) != 0 { throw POSIXError(.EIO) }
            }
        fetches[image.digest] = task
        defer { fetches[image.digest] = nil }
        do { try await task.value } catch {
            if let failure = ProviderFailure.fullDisk(error, folder) { throw failure }
            throw .failed(
                "image \(image.name) cannot be fetched: \((error as? any UserFacingError)?.summary ?? "\(error)")"
            )
        }
    }

    private static func disk(in place: String) -> Disk? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place).sorted()) ?? []
        for path in names.map({ "\(place)/\($0)" }) {
            guard let form = try? DiskForm.of(path) else { continue }
            return Disk(path: path, form: form.name)
        }
        return nil
    }

    /// Removes disks that no machine stands on and nobody wanted for a week, and what cut-short fetches left.
    ///
    /// - Parameter used: the digests of machines that are there.
    func sweep(keeping used: Set<String>) {
        guard fetches.isEmpty else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where !used.contains(name) {
            let path = "\(folder)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let last = attributes?[.modificationDate] as? Date else { continue }
            guard name.hasPrefix(Self.part) || last.timeIntervalSinceNow < -Self.keeping else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
