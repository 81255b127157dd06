import Foundation
public import RoostTemplate

/// Builds root file systems in layers, in a sandbox of this machine: the builder `roost-rootfs`.
public struct RootfsDriver: ImageBuilderDriver {
    /// The name of the builder in templates.
    public static let type = "roost-rootfs"

    private let cacheFolder: String
    private let usesCache: Bool

    /// A driver that keeps its layers in a folder.
    ///
    /// - Parameters:
    ///   - cacheFolder: made if need be.
    ///   - usesCache: whether layers that are there are used; else all are made anew and take their place.
    public init(cacheFolder: String, usesCache: Bool = true) {
        self.cacheFolder = cacheFolder
        self.usesCache = usesCache
    }

    public func start(_ target: ImageTarget, _ context: BuildContext) async throws -> any ImageMachine {
        try await machine(RootfsSettings(target), context)
    }

    /// A machine with the layers of its base.
    func machine(_ settings: RootfsSettings, _ context: BuildContext) async throws -> RootfsMachine {
        let build = try RootfsBuild(
            settings: settings,
            cache: LayerCache(cacheFolder),
            usesCache: usesCache,
            context: context,
            link: try await GalleryLink(settings, context)
        )
        do {
            let layers = try await build.base()
            return RootfsMachine(build, layers)
        } catch {
            await build.end()
            throw error
        }
    }
}
