import Foundation
import RoostModel
import RoostPipeline
import Testing

@Suite("Loading templates")
struct TemplateLoaderTests {
    private static let own = PlannedRepository(alias: "self", type: "git", name: "own")
    private static let other = PlannedRepository(alias: "tools", type: "git", name: "tools")

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-loader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "repo/sub"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("files of the folder are read, others are not")
    func folder() throws {
        try withFolder { folder in
            let repo = folder.appending(path: "repo")
            try "steps: []".write(to: repo.appending(path: "sub/a.yml"), atomically: true, encoding: .utf8)
            try "secret".write(to: folder.appending(path: "secret.yml"), atomically: true, encoding: .utf8)
            let links = FileManager.default
            try links.createSymbolicLink(
                at: repo.appending(path: "out.yml"),
                withDestinationURL: folder.appending(path: "secret.yml")
            )
            try links.createSymbolicLink(
                at: repo.appending(path: "in.yml"),
                withDestinationURL: repo.appending(path: "sub/a.yml")
            )
            let loader = FolderTemplateLoader(folder: repo.path, fileLimit: 100)
            #expect(loader.load(path: "sub/a.yml", repository: Self.own) == .success(Array("steps: []".utf8)))
            #expect(loader.load(path: "in.yml", repository: Self.own) == .success(Array("steps: []".utf8)))
            #expect(loader.load(path: "nope.yml", repository: Self.own) == .failure(.notFound))
            let outside = TemplateLoadFailure.unreadable(reason: "it lies outside the repository")
            #expect(loader.load(path: "out.yml", repository: Self.own) == .failure(outside))
            #expect(loader.load(path: "../secret.yml", repository: Self.own) == .failure(outside))
            #expect(
                loader.load(path: "sub", repository: Self.own) == .failure(.unreadable(reason: "it is no regular file"))
            )
            #expect(
                loader.load(path: "a.yml", repository: Self.other)
                    == .failure(.repositoryUnavailable(reason: "no folder is given for it"))
            )
            try String(repeating: "x", count: 101).write(
                to: repo.appending(path: "big.yml"),
                atomically: true,
                encoding: .utf8
            )
            #expect(
                loader.load(path: "big.yml", repository: Self.own)
                    == .failure(.unreadable(reason: "it is larger than 100 bytes"))
            )
        }
    }

    @Test("each file is asked for once, and only when it is needed")
    func lazily() {
        let loader = CountingLoader(files: [
            "a.yml": "steps:\n- template: b.yml\n- template: b.yml\n", "b.yml": "steps: [ { script: b } ]\n",
        ])
        let text = "steps:\n- template: a.yml\n- template: a.yml\n- ${{ if false }}:\n  - template: never.yml\n"
        let result = PipelineCompiler(loader: loader).compile(path: "p.yml", text: text)
        #expect(result.diagnostics == [])
        #expect(result.scripts == ["b", "b", "b", "b"])
        #expect(loader.asked == ["a.yml", "b.yml"])
        #expect(result.files.map(\.path) == ["p.yml", "a.yml", "b.yml"])
    }

    private final class CountingLoader: TemplateLoader {
        private let files: [String: String]
        private(set) var asked: [String] = []

        init(files: [String: String]) { self.files = files }

        func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
            asked.append(path)
            return files[path].map { .success(Array($0.utf8)) } ?? .failure(.notFound)
        }
    }
}
