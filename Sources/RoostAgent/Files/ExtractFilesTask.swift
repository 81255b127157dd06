import RoostContent
import RoostModel

/// `ExtractFiles@1`: unpacks the archives that patterns fit.
struct ExtractFilesTask: TaskHandler {
    static let reference = TaskReference(
        id: "5e1e3830-fbfb-11e5-aab1-090c92bc4988",
        name: "ExtractFiles",
        version: "1.268.0"
    )
    let title = "Extract files"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let target = work.place(try work.required("destinationFolder"))
        let archives = try archives(work)
        guard !archives.isEmpty else {
            work.report(.warning, "No archives were found using specified file patterns")
            return .succeeded
        }
        work.output.writeLine("Found: \(archives.count) files to extract:")
        for archive in archives { work.output.writeLine(archive) }
        try prepare(target, archives, work)
        var unpacking = ArchiveUnpacking(work: work, overwrites: work.flag("overwriteExistingFiles"))
        unpacking.sevenZip = try sevenZip(work)
        var kept = 0
        for archive in archives { kept += try await unpacking.unpack(archive, into: target) }
        if kept > 0 {
            work.report(
                .warning,
                "\(kept) files were there already and were kept; 'overwriteExistingFiles: true' replaces them."
            )
        }
        work.output.writeLine("Successfully extracted all files.")
        return .succeeded
    }

    /// The archives in the order of the lines, each once.
    private func archives(_ work: StepWork) throws -> [String] {
        var found: [String] = []
        for line in (work.input("archiveFilePatterns") ?? "**/*.zip").split(whereSeparator: \.isNewline) {
            let line = String(line).trimmingWhitespace
            guard !line.isEmpty else { continue }
            let some = try archives(line, work)
            found += some.filter { !found.contains($0) }
        }
        return found
    }

    private func archives(_ line: String, _ work: StepWork) throws -> [String] {
        guard line.contains(where: { $0 == "*" || $0 == "?" }) else {
            let path = work.place(line)
            guard FileTree.exists(path) else { throw TaskFailure.fileMissing(path) }
            guard FileTree.isFile(path) else { throw FileFailure.archiveIsNoFile(path) }
            return [path]
        }
        // The search begins in the last folder in front of the first wildcard.
        let parts = line.split(separator: "/", omittingEmptySubsequences: false)
        let literal = parts.prefix { !$0.contains("*") && !$0.contains("?") }
        let folder = work.place(literal.isEmpty ? "." : literal.joined(separator: "/") + "/")
        let pattern = parts.dropFirst(literal.count).joined(separator: "/")
        work.output.writeLine("Searching for: \(pattern) under directory: \(folder)")
        guard FileTree.isFolder(folder) else { throw FileFailure.folderMissing(folder, input: "archiveFilePatterns") }
        let options = PatternOptions(matchesDots: false, matchesBase: true, expandsBraces: true)
        let search = try FoundFiles(folder, pattern, options: options, work)
        return try search.collect(followingLinks: true) { !$0.isFolder && !$0.isBroken }.map(\.place)
    }

    private func prepare(_ target: String, _ archives: [String], _ work: StepWork) throws(FileFailure) {
        if work.flag("cleanDestinationFolder", default: true), FileTree.exists(target) {
            let real = FileTree.resolved(target) ?? target
            if let lost = archives.first(where: { (FileTree.resolved($0) ?? $0).hasPrefix("\(real)/") }) {
                throw .archiveInFolderToClean(archive: lost, folder: target)
            }
            work.output.writeLine("Cleaning destination folder before extraction: \(target)")
            let left = FileTree.isFolder(target) ? FileTree.empty(target) : FileTree.delete(target)
            if !left.isEmpty { throw .notDeleted(count: left.count) }
        }
        if !FileTree.exists(target) { work.output.writeLine("Creating destination folder: \(target)") }
        let error = FileTree.make(target)
        if error != 0 { throw .unwritable(target, error: error) }
    }

    private func sevenZip(_ work: StepWork) throws(TaskFailure) -> String? {
        guard let given = work.input("pathToSevenZipTool") else { return nil }
        let path = work.place(given)
        guard ExecutableSearch.find(path, path: nil) != nil else { throw .fileMissing(path) }
        return path
    }
}
