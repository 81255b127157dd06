/// Where the files of an artifact or a cache entry are: the chunks of its manifest, and what people want to know of it.
public struct ContentReference: Hashable, Sendable, Codable {
    /// What is kept apart from other content; see ``space(of:)``.
    public var space: String
    /// The chunks whose bytes behind each other are the text of a ``ContentManifest``.
    public var manifest: [ContentChunk]
    public var files: Int
    /// Bytes of all files.
    public var size: Int

    public init(space: String, manifest: [ContentChunk], files: Int, size: Int) {
        self.space = space
        self.manifest = manifest
        self.files = files
        self.size = size
    }

    /// The space of a run's content.
    ///
    /// Chunks are shared within a space only. Those of forks are apart: whoever may say that a chunk is known already must have been able to read it.
    public static func space(of run: Run) -> String {
        run.cause.pullRequest?.isFork == true ? "\(run.project)-forks" : run.project.description
    }
}
