import RoostWire

/// The server's copy of a repository, or of a submodule of one.
struct PoolMirror: Sendable {
    let host: any MirrorHost
    /// Of the repository, from `_apis/` on and with a slash at the end.
    let base: String
    /// Paths of submodules, each in the one before it.
    private(set) var submodules: [String] = []

    /// Nil for a repository that the server does not serve.
    init?(_ repository: JobRepository, _ host: (any MirrorHost)?) {
        guard let host, let path = repository.mirrorPath else { return nil }
        self.host = host
        base = path
    }

    /// From `_apis/` on, without a slash at the end.
    var path: String { base + MirrorPlace.encode(submodules.isEmpty ? MirrorPlace.itself : submodules) }
    /// For git.
    var url: String { host.address(path) }

    func submodule(_ path: String) -> PoolMirror {
        var inner = self
        inner.submodules.append(path)
        return inner
    }
}
