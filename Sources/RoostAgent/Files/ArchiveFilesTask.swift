import FoundationEssentials
import RoostModel

/// `ArchiveFiles@2`: packs a folder or a file with the programs of the machine.
struct ArchiveFilesTask: TaskHandler {
    static let reference = TaskReference(
        id: "d8b84976-e99a-4b86-b885-4849694435b0",
        name: "ArchiveFiles",
        version: "2.211.1"
    )
    let title = "Archive files"
    let runsOnMachine = true

    /// What goes into which archive.
    private struct Order {
        var archive: String
        /// Where the names begin.
        var folder: String
        var names: [String]
        var isAddition: Bool
    }

    func run(_ work: StepWork) async throws -> TaskResult {
        let type = try work.word("archiveType", of: ["zip", "7z", "tar", "wim", "default"], default: "zip")
        guard type != "wim" else { throw FileFailure.noArchiveFormat(type) }
        let order = try order(work)
        work.output.writeLine("Found \(order.names.count) files")
        for name in order.names.prefix(20) { work.output.writeLine("Archiving file: \(name)") }
        if order.names.count > 20 { work.output.writeLine("... \(order.names.count - 20) more ...") }
        let error = FileTree.make(order.archive.folderPart)
        guard error == 0 else { throw FileFailure.unwritable(order.archive.folderPart, error: error) }
        let list = try NameList(order.names, endedBy: type == "tar" ? "\0" : "\n", work)
        defer { list.remove() }
        switch type {
        case "tar": return try await tar(order, list, work)
        case "7z": return try await sevenZip(order, list, work)
        default: return try await zip(order, work)
        }
    }

    private func order(_ work: StepWork) throws -> Order {
        let build = work.variables["Build.BinariesDirectory"]
        guard let given = work.input("rootFolderOrFile") ?? build else {
            throw TaskFailure.inputMissing("rootFolderOrFile")
        }
        let root = work.place(given)
        guard FileTree.exists(root) else { throw FileFailure.folderMissing(root, input: "rootFolderOrFile") }
        let staging = work.variables["Build.ArtifactStagingDirectory"] ?? work.base
        let archive = work.place(
            work.input("archiveFile") ?? "\(staging)/\(work.variables["Build.BuildId"] ?? "archive").zip"
        )
        let isAddition = try prepare(archive, work)
        if work.flag("includeRootFolder", default: true) || !FileTree.isFolder(root) {
            return Order(archive: archive, folder: root.folderPart, names: [root.lastPart], isAddition: isAddition)
        }
        let names = FileTree.names(in: root).sorted().filter { "\(root)/\($0)" != archive }
        return Order(archive: archive, folder: root, names: names, isAddition: isAddition)
    }

    /// Whether there is an archive to add to; one that is to be replaced is deleted.
    private func prepare(_ archive: String, _ work: StepWork) throws(FileFailure) -> Bool {
        guard FileTree.exists(archive) else { return false }
        guard FileTree.isFile(archive) else { throw .archiveIsNoFile(archive) }
        guard work.flag("replaceExistingArchive", default: true) else {
            work.output.writeLine("Archive file: \(archive) already exists.  Attempting to add files to it.")
            return true
        }
        work.output.writeLine("Removing existing archive file before creation: \(archive)")
        let left = FileTree.delete(archive)
        if !left.isEmpty { throw .notDeleted(count: left.count) }
        return false
    }

    private func zip(_ order: Order, _ work: StepWork) async throws -> TaskResult {
        let program = try work.program("zip", package: "zip")
        let loudness = work.flag("verbose") ? ["-v"] : work.flag("quiet") ? ["-q"] : []
        // A folder's content as a whole: its names need not fit into a command line.
        let what = order.names.count == 1 ? "./\(order.names[0])" : "."
        let arguments = ["-r"] + loudness + [order.archive, what]
        return work.judge(try await work.call(program, arguments, in: order.folder), program: "zip")
    }

    private func tar(_ order: Order, _ list: NameList, _ work: StepWork) async throws -> TaskResult {
        let program = try work.program("tar", package: "tar")
        let compression = try work.word("tarCompression", of: ["gz", "bz2", "xz", "none"], default: "gz")
        if order.isAddition, compression != "none" { throw FileFailure.compressedArchiveKept(order.archive) }
        var arguments = [order.isAddition ? "-r" : "-c"]
        switch compression {
        case "gz": arguments.append("--gzip")
        case "bz2":
            _ = try work.program("bzip2", package: "bzip2")
            arguments.append("--bzip2")
        case "xz":
            _ = try work.program("xz", package: "xz-utils")
            arguments.append("--xz")
        default: break
        }
        if work.flag("verbose") { arguments.append("-v") }
        arguments += [
            "-f", order.archive, "--force-local", "--null", "--verbatim-files-from", "--files-from=\(list.path)",
        ]
        return work.judge(try await work.call(program, arguments, in: order.folder), program: "tar")
    }

    private func sevenZip(_ order: Order, _ list: NameList, _ work: StepWork) async throws -> TaskResult {
        let program = try work.program("7z", "7zz", "7za", package: "7zip")
        let levels = ["ultra": 9, "maximum": 7, "normal": 5, "fast": 3, "fastest": 1, "none": 0]
        let level = levels[work.input("sevenZipCompression")?.lowercased() ?? "normal"] ?? 5
        let loudness = work.flag("verbose") ? ["-bb3"] : []
        let arguments = ["a", "-t7z", "-scsUTF-8", "-mx=\(level)"] + loudness + [order.archive, "@\(list.path)"]
        return work.judge(try await work.call(program, arguments, in: order.folder), program: "7z")
    }
}

/// Names in a file for a program, because a command line would not hold them.
private struct NameList {
    let path: String

    init(_ names: [String], endedBy end: String, _ work: StepWork) throws(FileFailure) {
        path = "\(work.settings.folders.temp)/\(UUID().uuidString.lowercased()).names"
        let error = SmallFile.create(names.map { $0 + end }.joined(), at: path)
        if error != 0 { throw .unwritable(path, error: error) }
    }

    func remove() { FileTree.delete(path) }
}
