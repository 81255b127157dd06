import Foundation
import RoostModel

/// One build of a root file system: where it works, and what it may use.
final class RootfsBuild: Sendable {
    let settings: RootfsSettings
    let cache: LayerCache
    let usesCache: Bool
    let context: BuildContext
    let ledger: BuildLedger
    let link: GalleryLink
    /// Where the image goes; within the work folder when it only goes to a gallery.
    let output: String
    /// Users that sandboxes can have here.
    let users: SandboxUsers
    /// Keeps layers from being removed.
    private let lock: Gathered<FileLock?>

    init(
        settings: RootfsSettings,
        cache: LayerCache,
        usesCache: Bool,
        context: BuildContext,
        link: GalleryLink
    ) throws {
        self.settings = settings
        self.cache = cache
        self.usesCache = usesCache
        self.context = context
        self.link = link
        let wanted = settings.output.map { Self.withoutSlashes(context.path($0)) }
        if let wanted, !context.isForced, FileManager.default.fileExists(atPath: wanted) {
            throw RootfsFailure.outputThere(path: wanted)
        }
        if let disk = settings.disk { try DiskPrograms.check(disk) }
        // Whether sandboxes can be made is seen by making one.
        let trial = try Sandbox.make(SandboxPlan(folder: cache.folder, seesMachine: true))
        trial.end()
        users = trial.users
        guard let lock = FileLock("\(cache.folder)/lock", isShared: true, waits: true) else {
            throw LayerCacheFailure.folder(path: cache.folder, reason: "lock cannot be opened")
        }
        self.lock = Gathered(lock)
        ledger = try BuildLedger(UUID().uuidString.lowercased(), in: cache)
        output = wanted ?? "\(cache.folder)/work/\(ledger.build)/\(RootfsPublication.fileName(settings.format))"
    }

    private static func withoutSlashes(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The folder of this build, relative to the cache.
    var place: String { "work/\(ledger.build)" }

    /// Which making of a layer this build makes.
    func identity(_ key: LayerKey) -> LayerIdentity {
        usesCache ? LayerIdentity(key) : LayerIdentity(again: key, mark: ledger.build)
    }

    /// The layers of the base, made when they are not there.
    func base() async throws -> [LayerRecord] {
        if let limits = users.limits { context.say(.detail(limits)) }
        try await cache.sweep()
        let base = RootfsBase(build: self)
        return [try await base.layer()]
    }

    /// Removes everything but what was kept; it may come more than once.
    func end() async {
        guard lock.value != nil else { return }
        do { try await ledger.close() } catch {
            // The ledger stays, so the next build tries again.
            context.say(.error("What the build worked with could not be removed: \(error)"))
        }
        lock.change { $0 = nil }
    }
}
