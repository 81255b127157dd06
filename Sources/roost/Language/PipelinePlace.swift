import Foundation

/// Where a pipeline's file lies: the folder that stands for its repository, and the path in it.
struct PipelinePlace: Hashable {
    /// Absolute, without a slash at its end.
    let root: String
    /// From the root.
    let path: String

    var absolutePath: String { "\(root)/\(path)" }

    /// Finds the root of a file: the one given, else the top of its git working tree, else the folder that was asked for.
    init(file: String, root given: String?, within folder: String? = nil) {
        let file = Self.absolute(file)
        let parent = (file as NSString).deletingLastPathComponent
        let root = given.map(Self.absolute) ?? Self.workingTree(of: parent) ?? folder.map(Self.absolute) ?? parent
        if file.hasPrefix(root == "/" ? "/" : "\(root)/") {
            self.root = root
            path = String(file.dropFirst(root == "/" ? 1 : root.count + 1))
        } else {
            self.root = parent
            path = (file as NSString).lastPathComponent
        }
    }

    /// The last part of the root, which is what a repository is mostly called.
    var repositoryName: String { (root as NSString).lastPathComponent }

    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// The nearest folder with a `.git` in it.
    private static func workingTree(of folder: String) -> String? {
        var folder = folder
        while true {
            if FileManager.default.fileExists(atPath: "\(folder)/.git") { return folder }
            let parent = (folder as NSString).deletingLastPathComponent
            if parent == folder || parent.isEmpty { return nil }
            folder = parent
        }
    }

    /// A path as a person in the current folder writes it.
    static func shown(_ absolute: String) -> String {
        let here = self.absolute(FileManager.default.currentDirectoryPath)
        return absolute.hasPrefix("\(here)/") ? String(absolute.dropFirst(here.count + 1)) : absolute
    }

    // MARK: The run that is imagined

    /// Predefined variables of a run that somebody queues by hand, on the branch that is checked out.
    var predefined: [String: String] {
        let branch = branch
        let name = repositoryName
        return [
            "Build.Reason": "Manual", "Build.SourceBranch": branch,
            "Build.SourceBranchName": String(branch.split(separator: "/").last ?? ""),
            "Build.Repository.Name": name, "Build.Repository.Provider": "Git", "Build.DefinitionName": name,
            "System.HostType": "build", "System.TeamProject": "local", "System.PullRequest.IsFork": "False",
        ]
    }

    private var branch: String {
        let head = FileManager.default.contents(atPath: "\(root)/.git/HEAD").map { String(decoding: $0, as: UTF8.self) }
        let mark = "ref: "
        guard let head, head.hasPrefix(mark) else { return "refs/heads/main" }
        return head.dropFirst(mark.count).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
