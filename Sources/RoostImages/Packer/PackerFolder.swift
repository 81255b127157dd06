import Foundation
import Glibc

/// The folder of one run of packer, with what it is given; only its user can read it.
///
/// `BUILD.lock` is made before it and held as long as the build lives, so another build can tell what nobody will clean up any more.
final class PackerFolder: Sendable {
    let build: String
    let path: String
    private let builds: String
    private let lock: FileLock

    /// Names the build in the environment of everything that it starts.
    static let mark = "ROOST_PACKER_BUILD"

    /// Makes one, and cleans up after builds that are no more.
    ///
    /// - Throws: ``PackerFailure/folder(path:reason:)``.
    init(in builds: String) throws(PackerFailure) {
        self.builds = builds
        build = String(UUID().uuidString.prefix(8)).lowercased()
        path = "\(builds)/\(build)"
        do {
            try FileManager.default.createDirectory(
                atPath: builds,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch { throw .folder(path: builds, reason: "the folder cannot be made") }
        Self.sweep(builds)
        // A sweep must not find the lock before it is held.
        let door = FileLock("\(builds)/door", isShared: false, waits: true)
        defer { withExtendedLifetime(door) {} }
        guard let lock = FileLock("\(builds)/\(build).lock", isShared: false) else {
            throw .folder(path: builds, reason: "a build has the name \(build) already")
        }
        self.lock = lock
        guard mkdir(path, 0o700) == 0 else { throw .folder(path: path, reason: String(cString: strerror(errno))) }
    }

    /// Writes a file that nobody else can read.
    func write(_ text: String, to name: String) throws(PackerFailure) -> String {
        let place = "\(path)/\(name)"
        let isMade = FileManager.default.createFile(
            atPath: place,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else { throw .folder(path: place, reason: "the file cannot be written") }
        return place
    }

    /// Where packer keeps what is temporary; nil when names of sockets in it would be too long for the system.
    func temporary() -> String? {
        let place = "\(path)/t"
        guard place.utf8.count < 70, mkdir(place, 0o700) == 0 || errno == EEXIST else { return nil }
        return place
    }

    /// Removes it with everything in it.
    func remove() { Self.clear(build, builds) }

    private static func clear(_ build: String, _ builds: String) {
        try? FileManager.default.removeItem(atPath: "\(builds)/\(build)")
        unlink("\(builds)/\(build).lock")
    }

    /// Ends what builds that are no more left running, and removes their folders.
    static func sweep(_ builds: String) {
        let door = FileLock("\(builds)/door", isShared: false, waits: true)
        defer { withExtendedLifetime(door) {} }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: builds)) ?? []
        for name in names where name.hasSuffix(".lock") {
            guard let lock = FileLock("\(builds)/\(name)", isShared: false) else { continue }
            defer { withExtendedLifetime(lock) {} }
            let build = String(name.dropLast(".lock".count))
            guard MarkedProcesses.end("\(mark)=\(build)") else { continue }
            clear(build, builds)
        }
    }
}
