/// Why a version is not to be used: a revocation of its own, or that of a version it was built from.
public struct RevokedBy: Hashable, Sendable {
    public var version: ImageVersionKey
    public var reason: String

    public init(_ version: ImageVersionKey, _ reason: String) {
        self.version = version
        self.reason = reason
    }
}

/// All versions that a revocation reaches: those that are revoked, those that were built from them, and so on.
public func revokedVersions(among versions: some Sequence<ImageVersion>) -> [ImageVersionKey: RevokedBy] {
    var children: [ImageVersionKey: [ImageVersionKey]] = [:]
    var reached: [ImageVersionKey: RevokedBy] = [:]
    var open: [ImageVersionKey] = []
    for version in versions {
        for parent in version.parents { children[parent, default: []].append(version.key) }
        guard let revocation = version.revocation else { continue }
        reached[version.key] = RevokedBy(version.key, revocation.reason)
        open.append(version.key)
    }
    while let next = open.popLast() {
        for child in children[next] ?? [] where reached[child] == nil {
            reached[child] = reached[next]
            open.append(child)
        }
    }
    return reached
}
