import Foundation
import RoostModel

/// What is wrong with the place a local run is asked for.
enum LocalRunError: UserFacingError {
    case noFile(String)
    case noJob(String, known: [String])

    var code: String {
        switch self {
        case .noFile: "file.not-found"
        case .noJob: "job.not-found"
        }
    }

    var summary: String {
        switch self {
        case .noFile: "There is no such file."
        case .noJob(let name, let known): "There is no job '\(name)'; the file has \(known.joined(separator: ", "))."
        }
    }

    var location: String? {
        if case .noFile(let path) = self { return path }
        return nil
    }

    var advice: String? {
        if case .noFile = self { return "Give the path of a pipeline's YAML file." }
        return nil
    }
}

/// The working tree of a local run, and its pipeline file.
struct LocalSource: Sendable {
    /// Top of the git working tree, or the folder of the file.
    let root: String
    /// From the root.
    let path: String
    let text: [UInt8]
    let branch: String
    let commit: String

    init(file: String) throws {
        let url = URL(fileURLWithPath: file).standardizedFileURL
        guard let data = FileManager.default.contents(atPath: url.path) else { throw LocalRunError.noFile(file) }
        text = Array(data)
        let folder = url.deletingLastPathComponent().path
        let top = Self.git(folder, "rev-parse", "--show-toplevel") ?? folder
        root = top
        let resolved = url.resolvingSymlinksInPath().path
        path = resolved.hasPrefix("\(top)/") ? String(resolved.dropFirst(top.count + 1)) : url.lastPathComponent
        branch = Self.git(folder, "symbolic-ref", "--quiet", "HEAD") ?? "refs/heads/main"
        commit = Self.git(folder, "rev-parse", "--quiet", "--verify", "HEAD") ?? String(repeating: "0", count: 40)
    }

    var repository: PipelineRepository {
        PipelineRepository(url: root, name: (root as NSString).lastPathComponent, defaultBranch: branch)
    }

    /// What compile-time expressions may read.
    var predefined: [String: String] {
        [
            "Build.Reason": "Manual", "Build.SourceBranch": branch,
            "Build.SourceBranchName": String(branch.split(separator: "/").last ?? ""), "Build.SourceVersion": commit,
            "Build.Repository.Name": repository.name, "Build.Repository.Uri": root, "Build.Repository.Provider": "Git",
            "Build.DefinitionName": repository.name, "System.HostType": "build", "System.TeamProject": "local",
            "Build.QueuedBy": NSUserName(), "Build.RequestedFor": NSUserName(), "System.PullRequest.IsFork": "False",
        ]
    }

    static func git(_ folder: String, _ words: String...) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + words
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return process.terminationStatus == 0 && !line.isEmpty ? line : nil
    }
}
