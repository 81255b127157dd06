import RoostTesting

@testable import RoostAgent

extension JobRepository {
    /// A job's own repository, fetched from a daemon.
    static func own(_ daemon: GitDaemon, at version: String) -> JobRepository {
        JobRepository(
            alias: "self",
            id: "self",
            name: "org/app",
            url: daemon.url,
            ref: "refs/heads/main",
            version: version
        )
    }
}
