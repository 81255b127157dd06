import Foundation
import RoostModel

/// The files of a template, as a git repository of their own, so that each build names the commit it was made of.
struct ImageTemplateFolder: Sendable {
    let path: String

    /// Where what Roost adds stands.
    static let own = ".roost"
    static let pipelineFile = ".roost/build.yml"
    static let valuesFile = ".roost/values.json"

    init(_ name: String, in dataFolder: String) { path = "\(dataFolder)/image-templates/\(name)" }

    /// What is kept in it.
    struct Content: Sendable {
        var files: [String: Data]
        var main: String
        var parameters: [String: String]
        var pool: String
    }

    /// Puts these files in the place of all that were there.
    ///
    /// - Returns: the commit.
    func keep(_ content: Content, _ message: String) async throws -> String {
        let manager = FileManager.default
        if !manager.fileExists(atPath: "\(path)/.git") {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
            try await git("init", "--quiet", "--initial-branch=main")
        }
        for name in try manager.contentsOfDirectory(atPath: path) where name != ".git" {
            try manager.removeItem(atPath: "\(path)/\(name)")
        }
        var files = content.files
        files[Self.pipelineFile] = Data(Self.pipeline(content).utf8)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        files[Self.valuesFile] = try encoder.encode(content.parameters)
        for (name, data) in files {
            let place = URL(filePath: "\(path)/\(name)")
            try manager.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: place)
        }
        try await git("add", "--all", "--force", ".")
        try await git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
        return try await git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The files as they are, without Roost's own.
    func files(_ names: [String]) -> [String: Data] {
        var found: [String: Data] = [:]
        for name in names { found[name] = FileManager.default.contents(atPath: "\(path)/\(name)") }
        return found
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// One job that builds the template; texts of others are quoted, so that they mean nothing to YAML.
    private static func pipeline(_ content: Content) -> String {
        """
        trigger: none
        pr: none
        jobs:
        - job: image
          displayName: Build the image
          timeoutInMinutes: 0
          cancelTimeoutInMinutes: 5
          pool:
            name: \(quoted(content.pool))
          steps:
          - checkout: self
            clean: true
          - task: RoostImageBuild@1
            displayName: Build the image
            inputs:
              template: \(quoted(content.main))
              valuesFile: \(quoted(valuesFile))

        """
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    @discardableResult
    private func git(_ arguments: String...) async throws -> String {
        let settings = [
            "user.name=Roost", "user.email=roost@localhost", "commit.gpgsign=false", "core.hooksPath=/dev/null",
            "core.autocrlf=false", "gc.auto=0",
        ]
        let outcome = try await GitProcess.run(["-C", path] + settings.flatMap { ["-c", $0] } + arguments)
        guard outcome.status == 0 else { throw GitFailure(said: outcome.errors) }
        return String(decoding: outcome.output, as: UTF8.self)
    }

    struct GitFailure: Error, CustomStringConvertible {
        var said: String
        var description: String { "git: \(said.prefix(500))" }
    }
}
