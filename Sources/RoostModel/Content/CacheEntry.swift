public import FoundationEssentials

/// An entry of the cache, unique in the organization; positive.
public struct CacheID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// What a key is called in all places: its parts, as the agent resolved them.
public struct CacheKey: Hashable, Sendable, Codable, CustomStringConvertible {
    public var segments: [String]

    public init(_ segments: [String]) { self.segments = segments }

    /// Parts divided by ` | `, as a pipeline writes them.
    public var description: String { segments.joined(separator: " | ") }

    /// Whether its first parts are all those of another.
    public func begins(with other: CacheKey) -> Bool { segments.starts(with: other.segments) }
}

/// Files that a job of a pipeline kept for later runs.
public struct CacheEntry: Hashable, Sendable {
    public var id: CacheID
    public var project: ProjectID
    public var pipeline: PipelineID
    /// The branch whose runs wrote it; see ``CacheScopes``.
    public var scope: String
    public var key: CacheKey
    public var content: ContentReference
    /// The run that wrote it.
    public var run: RunID
    public var createdAt: Date
    public var lastUsedAt: Date

    public init(
        id: CacheID,
        project: ProjectID,
        pipeline: PipelineID,
        scope: String,
        key: CacheKey,
        content: ContentReference,
        run: RunID,
        createdAt: Date,
        lastUsedAt: Date
    ) {
        self.id = id
        self.project = project
        self.pipeline = pipeline
        self.scope = scope
        self.key = key
        self.content = content
        self.run = run
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}

/// Whose entries a run may read, and whose it writes.
///
/// A run reads what more trusted branches wrote, never the other way: what a pull request or a fork wrote is read by runs of that request only.
public struct CacheScopes: Hashable, Sendable {
    /// Its own; the only one it writes.
    public var own: String
    /// In the order in which they are looked through, its own first.
    public var readable: [String]

    /// The scopes of a run.
    public init(_ run: Run) {
        var readable: [String]
        if let request = run.cause.pullRequest {
            // Whatever the branches are called: a fork's branch may have any name.
            own = "\(request.isFork ? "fork" : "pull"):\(request.number)"
            readable = [own, request.targetBranch]
        } else if run.sourceBranch.hasPrefix("refs/pull/") || run.sourceBranch.hasPrefix("refs/merge-requests/") {
            own = "pull:\(run.sourceBranch)"
            readable = [own]
        } else {
            own = run.sourceBranch
            readable = [own]
        }
        let base = run.repository.defaultBranch
        let defaultBranch = base.isEmpty || base.hasPrefix("refs/") ? base : "refs/heads/\(base)"
        if !defaultBranch.isEmpty, !readable.contains(defaultBranch) { readable.append(defaultBranch) }
        self.readable = readable.filter { !$0.isEmpty }
    }
}
