import CRoostLinux
public import Foundation
import RoostModel

/// Layers of images, for machines that start over them.
public struct MachineLayers: Sendable {
    /// Who the users of a machine are outside.
    public enum Users: Hashable, Sendable {
        /// The same numbers, with rights in the sandbox alone.
        case same
        /// The first numbers and how many there are.
        case mapped(users: (first: UInt32, count: UInt32), groups: (first: UInt32, count: UInt32))
        /// Root only.
        case alone

        public static func == (left: Users, right: Users) -> Bool {
            switch (left, right) {
            case (.same, .same), (.alone, .alone): true
            case (.mapped(let users, let groups), .mapped(let others, let otherGroups)):
                users == others && groups == otherGroups
            default: false
            }
        }

        public func hash(into hasher: inout Hasher) {
            guard case .mapped(let users, let groups) = self else { return hasher.combine(self == .same) }
            hasher.combine(users.first)
            hasher.combine(groups.first)
        }
    }

    /// Absolute; paths of layers are relative to it.
    public let folder: String
    public let users: Users
    private let cache: LayerCache
    /// Who layers are made as.
    private let builders: SandboxUsers

    private static let cacheName = "layers"

    /// Finds out what sandboxes can be made here, by making them.
    ///
    /// - Parameter folder: the layers are below it.
    /// - Throws: why none can be made, for people.
    public init(folder: String) throws {
        self.folder = folder
        cache = try LayerCache("\(folder)/\(Self.cacheName)")
        let trial = try Sandbox.make(SandboxPlan(folder: folder, seesMachine: true))
        trial.end()
        builders = trial.users
        switch trial.users {
        case .machine, .same:
            try Sandbox(SandboxPlan(folder: folder, seesMachine: true), .same).end()
            users = .same
        case .mapped(let users, let groups):
            self.users = .mapped(users: (users.first, users.count), groups: (groups.first, groups.count))
        case .alone: users = .alone
        }
    }

    /// What cannot be done with these users; nil when nothing is missing.
    public var limits: String? { builders.limits }

    /// Locked, shared with others, by whoever uses layers.
    public var lockFile: String { "\(cache.folder)/lock" }

    /// The layer of an image, read from where it is kept unless it is here already.
    ///
    /// - Parameters:
    ///   - name: of the image, for people.
    ///   - digest: of its content.
    ///   - fetch: writes its files into an empty folder.
    /// - Returns: the layer's folder, relative to ``folder``.
    /// - Throws: what reading and unpacking it meets.
    public func base(
        _ name: String,
        digest: String,
        fetch: @escaping @Sendable (String) async throws -> Void
    ) async throws -> String {
        let key = key(digest)
        if let record = cache.layer(key) { return try path(record) }
        let context = BuildContext(
            runID: UUID().uuidString,
            workingFolder: folder,
            environment: [:],
            now: Date.now,
            say: { _ in }
        )
        let settings = RootfsSettings(starting: .path(name), hostName: "roost", hasNetwork: false)
        let build = try RootfsBuild(
            settings: settings,
            cache: cache,
            usesCache: true,
            context: context,
            link: try await GalleryLink(settings, context)
        )
        do {
            let record = try await RootfsBase(build: build).version(name, digest: digest, id: name, fetch)
            await build.end()
            return try path(record)
        } catch {
            await build.end()
            throw error
        }
    }

    private func key(_ digest: String) -> LayerKey {
        LayerKey(parent: nil, step: digest, conditions: builders == .alone ? ["alone"] : [])
    }

    /// Puts layers of images aside that no machine needs and nobody used since a moment.
    ///
    /// - Parameters:
    ///   - digests: of images of machines that there are.
    ///   - moment: of the last use.
    ///   - folder: on the same file system; gets their folders, to be removed.
    public func putAside(keeping digests: Set<String>, unusedSince moment: Date, in folder: String) {
        cache.putAside(keeping: Set(digests.map { key($0).digest }), unusedSince: moment, in: folder)
    }

    private func path(_ record: LayerRecord) throws -> String {
        guard let identity = LayerIdentity(digest: record.identity) else {
            throw LayerCacheFailure.folder(path: cache.folder, reason: "a layer has no identity")
        }
        return "\(Self.cacheName)/layers/\(identity.folder)/tree"
    }

    /// Options of the overlay of a machine; all paths are relative to ``folder``.
    public func overlay(over base: String, upper: String, work: String) -> String {
        let overlay = SandboxPlan.Overlay(layers: [base], upper: upper, work: work, root: "")
        return SandboxPlan(folder: folder, overlay: overlay).overlayOptions(ownUsers: true) ?? ""
    }

    /// Removes files, whoever of the sandboxes' users they belong to.
    public func remove(_ path: String) async throws {
        try await MachineTool("rm", ["-rf", "--", path]).run(in: folder)
    }
}
