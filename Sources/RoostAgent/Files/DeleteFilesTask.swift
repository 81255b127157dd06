import RoostContent
import RoostModel

/// `DeleteFiles@1`: deletes files and folders that patterns fit.
///
/// Links are deleted, and what they lead to is not: a link out of the folder must not take the content of another with it.
struct DeleteFilesTask: TaskHandler {
    static let reference = TaskReference(
        id: "b7e8b412-0437-4065-9371-edc5881de25b",
        name: "DeleteFiles",
        version: "1.232.0"
    )
    let title = "Delete files"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let source = work.place(work.input("SourceFolder") ?? ".")
        let lines = (work.input("Contents") ?? "myFileShare").split(whereSeparator: \.isNewline).map(Self.relative)
        let options = PatternOptions(matchesDots: work.flag("RemoveDotFiles"), expandsBraces: true)
        let found = try FoundFiles(source, lines.joined(separator: "\n"), options: options, work)
        guard FileTree.exists(source) else {
            work.output.writeLine("No files to delete.")
            return .succeeded
        }
        let matches = try found.collect(followingLinks: false) { _ in true }
        work.output.writeLine("found \(matches.count) files and folders to delete")
        // What is in a folder goes before it.
        var left = matches.reversed().flatMap { FileTree.delete($0.place) }
        if left.isEmpty, work.flag("RemoveSourceFolder"), try hasFoldersOnly(source, work) {
            left = FileTree.delete(source)
        }
        guard !left.isEmpty else { return .succeeded }
        for path in left.prefix(10) { work.report(.error, "'\(path)' could not be deleted.") }
        throw FileFailure.notDeleted(count: left.count)
    }

    /// Patterns are below the source folder, those with a slash at their beginning too.
    private static func relative(_ line: Substring) -> String {
        let line = String(line).trimmingWhitespace
        let signs = line.prefix { $0 == "!" }
        let path = line.dropFirst(signs.count).drop { $0 == "/" }
        return path.isEmpty ? "" : "\(signs)\(path.hasPrefix("#") ? "./" : "")\(path)"
    }

    private func hasFoldersOnly(_ source: String, _ work: StepWork) throws -> Bool {
        var isEmpty = true
        try FolderWalk(followsLinks: false).visit(source) { item in
            if work.stop.reason != nil { throw StepStopped() }
            if !item.isFolder || item.isLink { isEmpty = false }
        }
        return isEmpty
    }
}
