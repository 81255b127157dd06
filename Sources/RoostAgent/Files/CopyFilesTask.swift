import RoostContent
import RoostModel

/// `CopyFiles@2`: copies the files of a folder that patterns fit.
struct CopyFilesTask: TaskHandler {
    static let reference = TaskReference(
        id: "5bfb729a-a7c8-4a78-a7c3-8d717bb7c13c",
        name: "CopyFiles",
        version: "2.223.0"
    )
    let title = "Copy files"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let source = work.place(work.input("SourceFolder") ?? ".")
        let target = work.place(try work.required("TargetFolder"))
        guard FileTree.exists(source) else { throw FileFailure.folderMissing(source, input: "SourceFolder") }
        let found = try FoundFiles(source, work.input("Contents") ?? "**", options: PatternOptions(), work)
        let files = try found.collect(followingLinks: true) { !$0.isFolder && !$0.isBroken }
        work.output.writeLine("found \(files.count) files")
        guard !files.isEmpty else { return .succeeded }
        if work.flag("CleanTargetFolder") { try clean(target, work) }
        var folders: Set<String> = []
        for file in files {
            let place = "\(target)/\(work.flag("flattenFolders") ? file.path.lastPart : file.path)"
            let folder = place.folderPart
            if folders.insert(folder).inserted { try makeFolder(folder, work) }
            try await copy(file.place, to: place, work)
        }
        return .succeeded
    }

    private func clean(_ target: String, _ work: StepWork) throws(FileFailure) {
        work.output.writeLine("Cleaning target folder: \(target)")
        let left = FileTree.isFolder(target) ? FileTree.empty(target) : FileTree.delete(target)
        if !left.isEmpty { throw .notDeleted(count: left.count) }
    }

    private func makeFolder(_ folder: String, _ work: StepWork) throws(FileFailure) {
        let error = FileTree.make(folder)
        guard error != 0 else { return }
        guard work.flag("ignoreMakeDirErrors") else { throw .unwritable(folder, error: error) }
        work.output.writeLine(
            "Unable to create target folder (\(folder)): \(systemMessage(error)). Ignoring this as error since 'ignoreMakeDirErrors' is true."
        )
    }

    private func copy(_ file: String, to place: String, _ work: StepWork) async throws {
        guard !FileTree.isFolder(place) else { throw FileFailure.targetIsFolder(source: file, target: place) }
        if !work.flag("OverWrite"), FileTree.exists(place) {
            work.output.writeLine("File \(file) already exist at \(place)")
            return
        }
        work.output.writeLine("Copying \(file) to \(place)")
        var triesLeft = max(0, work.input("retryCount").flatMap { Int($0) } ?? 0)
        let pause = max(0, work.input("delayBetweenRetries").flatMap { Int($0) } ?? 1_000)
        while true {
            if work.stop.reason != nil { throw StepStopped() }
            guard let failure = Self.attempt(file, place, work) else { return }
            guard triesLeft > 0 else { throw failure }
            triesLeft -= 1
            work.output.writeLine("\(failure.summary) Trying again in \(pause) ms.")
            await work.stop.wait(.milliseconds(pause), ContinuousClock())
        }
    }

    /// Nil when the copy is made.
    private static func attempt(_ file: String, _ place: String, _ work: StepWork) -> FileFailure? {
        do throws(FileFailure) {
            try FileCopy.copy(file, to: place, keepsTimes: work.flag("preserveTimestamp"))
            return nil
        } catch {
            return error
        }
    }
}

extension String {
    /// What stands behind the last slash.
    var lastPart: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }

    /// What stands before the last slash; the root is a slash.
    var folderPart: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}
