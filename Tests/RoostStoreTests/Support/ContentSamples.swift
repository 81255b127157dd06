import FoundationEssentials
import RoostModel

extension Sample {
    static let chunk = ChunkID(String(repeating: "0123456789abcdef", count: 4)).map { ContentChunk(id: $0, size: 7) }

    static let fullContent = ContentReference(
        space: "space-of-it",
        manifest: [chunk].compactMap { $0 },
        files: 3,
        size: 1 << 40
    )

    /// One of each kind.
    static func artifacts(of run: RunID) -> [Artifact] {
        [
            Artifact(
                id: ArtifactID(31),
                run: run,
                name: "drop ü",
                kind: .pipeline,
                content: fullContent,
                properties: ["user-a": "b"],
                source: uuid(9),
                createdAt: date()
            ),
            Artifact(
                id: ArtifactID(32),
                run: run,
                name: "logs",
                kind: .container,
                content: fullContent,
                createdAt: date(1)
            ),
            Artifact(
                id: ArtifactID(33),
                run: run,
                name: "share",
                kind: .place(type: "FilePath", data: "\\\\share\\x"),
                createdAt: date(2)
            ),
        ]
    }

    static let fullCache = CacheEntry(
        id: CacheID(41),
        project: projectID,
        pipeline: PipelineID(3),
        scope: "pull:7",
        key: CacheKey(["npm", "\"Linux\"", "hash="]),
        content: fullContent,
        run: RunID(17),
        createdAt: date(3),
        lastUsedAt: date(4)
    )
}
