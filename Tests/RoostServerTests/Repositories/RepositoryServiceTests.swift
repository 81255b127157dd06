import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostServer

@Suite("Mirrors of repositories", .timeLimit(.minutes(6)))
struct RepositoryServiceTests {
    @Test("branches, tags, annotated tags, commits and refs of pull requests are found through a mirror")
    func refs() async throws {
        try await GitDaemon.with { daemon, repository in
            let first = try repository.git("rev-parse", "HEAD")
            try repository.git("tag", "light")
            try repository.git("-c", "user.name=T", "-c", "user.email=t@e", "tag", "-a", "-m", "x", "heavy")
            let second = try repository.commit(["b": "2"], "second")
            try repository.git("update-ref", "refs/pull/7/merge", second)
            try repository.git("reset", "--quiet", "--hard", first)
            let service = RepositoryService(dataFolder: daemon.folder.path)
            #expect(try await service.resolve(url: daemon.url, ref: "main", version: nil).ref == "refs/heads/main")
            #expect(try await service.resolve(url: daemon.url, ref: "light", version: nil).id == first)
            #expect(try await service.resolve(url: daemon.url, ref: "refs/tags/heavy", version: nil).id == first)
            #expect(try await service.resolve(url: daemon.url, ref: first, version: nil).id == first)
            let merge = try await service.resolve(url: daemon.url, ref: "refs/pull/7/merge", version: nil)
            #expect(merge.id == second)
            #expect(try await service.headRef(daemon.url) == "refs/heads/main")
            let refs = try await service.remoteRefs(daemon.url)
            #expect(refs["refs/tags/heavy"] == first)
            #expect(refs["refs/pull/7/merge"] == nil)
        }
    }

    @Test("a commit that is in the mirror is used when the repository is gone, by a new server too; a branch is not")
    func gone() async throws {
        try await GitDaemon.with { daemon, repository in
            let commit = try repository.git("rev-parse", "HEAD")
            let service = RepositoryService(dataFolder: daemon.folder.path)
            _ = try await service.resolve(url: daemon.url, ref: "main", version: nil)
            await daemon.stop()
            let later = RepositoryService(dataFolder: daemon.folder.path)
            #expect(try await later.resolve(url: daemon.url, ref: "main", version: commit).id == commit)
            #expect(try await later.files(of: daemon.url, at: commit).load(path: "a") == .success(Array("1".utf8)))
            let error = await #expect(throws: ControlError.self) {
                try await later.resolve(url: daemon.url, ref: "main", version: nil)
            }
            #expect(error?.summary.contains(daemon.url) == true)
        }
    }

    @Test("changed paths are both sides of a rename; unknown commits give none; ancestors are told")
    func changes() async throws {
        let repository = try ScratchRepository(["a/x": "1\n", "b": "1\n"])
        defer { repository.remove() }
        let first = try repository.git("rev-parse", "HEAD")
        try repository.git("mv", "a/x", "c")
        let second = try repository.commit(["d/é": "2"], "second")
        let service = RepositoryService(dataFolder: repository.path)
        let paths = try await service.changedPaths(repository.path, from: first, to: second)
        #expect(Set(paths ?? []) == ["a/x", "c", "d/é"])
        let unknown = String(repeating: "1", count: 40)
        #expect(try await service.changedPaths(repository.path, from: unknown, to: second) == nil)
        #expect(await service.isAncestor(repository.path, first, of: second))
        #expect(await !service.isAncestor(repository.path, second, of: first))
        #expect(await !service.isAncestor(repository.path, unknown, of: first))
    }

    @Test("a server that never answers does not hold a fetch for longer than its time")
    func hangs() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let listener = try SilentListener()
        defer { listener.close() }
        let service = RepositoryService(dataFolder: folder.path, fetchTimeout: .milliseconds(300))
        let error = await #expect(throws: ControlError.self) {
            try await service.resolve(url: "git://127.0.0.1:\(listener.port)/x", ref: "main", version: nil)
        }
        #expect(error?.summary.contains("did not end within") == true)
    }
}
