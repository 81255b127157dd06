import Crypto
import FoundationEssentials
import Glibc
import RoostModel

/// Finds and prepares the folders of a job.
///
/// A pipeline has one numbered folder on an agent, which it finds again by the file
/// `SourceRootMapping/COLLECTION/DEFINITION/SourceFolder.json`; a changed set of repositories gets a new one.
struct Workspace {
    /// The member names are those of Azure Pipelines' agent, so that both can use one work folder.
    struct SourceFolderFile: Codable, Equatable {
        var fileFormatVersion = 3
        var hashKey: String
        var system: String
        var collectionId: String
        var definitionId: String
        var definitionName: String
        var collectionUrl: String
        var repositoryUrl: String
        var repositoryType: String
        var lastRunOn: String
        var agent_builddirectory: String
        var build_sourcesdirectory: String
        var build_artifactstagingdirectory: String
        var common_testresultsdirectory: String
    }

    /// The last number that was given out.
    struct MappingsFile: Codable {
        var lastBuildFolderCreatedOn: String
        var lastBuildFolderNumber: Int
    }

    let folders: AgentFolders
    let order: JobOrder
    let variables: JobVariables
    /// What the job uses, so that upkeep does not remove it.
    let uses: UseLocks

    /// Finds the job's folder, makes those of the agent, and notes the use.
    ///
    /// - Throws: ``WorkspaceFailure``.
    func locate() throws(WorkspaceFailure) -> JobFolders {
        try make(folders.work)
        try make(folders.tools)
        try uses.begin()
        try prepareTemp()
        let job = try tracked()
        let mirrors = RepositoryMirror.rooms(lentTo: job.build, in: folders.mirrors).union(
            order.repositories.map { RepositoryMirror(url: $0.url, in: folders.mirrors).roomName }
        )
        for mirror in mirrors.sorted() { try uses.hold(UpkeepItem.ID(.mirror, mirror)) }
        return job
    }

    /// Empties what must be empty in the job's folder, and makes what is missing.
    ///
    /// Earlier jobs may have put links in the place of folders: an isolated job's walls stand before this.
    ///
    /// - Throws: ``WorkspaceFailure``.
    func prepare(_ job: JobFolders) throws(WorkspaceFailure) {
        clean(job)
        for folder in [job.sources, job.artifacts, job.binaries, job.testResults] { try make(folder) }
    }

    /// Empties the folder for temporary files, which only the agent's user may read.
    private func prepareTemp() throws(WorkspaceFailure) {
        FileTree.empty(folders.temp)
        try make(folders.temp, mode: 0o700)
    }

    private func clean(_ job: JobFolders) {
        switch order.workspaceCleaning {
        case .all: FileTree.empty(job.build)
        case .resources: FileTree.empty(job.sources)
        case .outputs: FileTree.empty(job.binaries)
        case nil: break
        }
        FileTree.empty(job.artifacts)
        FileTree.empty(job.testResults)
    }

    private func make(_ path: String, mode: mode_t = 0o755) throws(WorkspaceFailure) {
        let error = FileTree.make(path, mode: mode)
        if error != 0 { throw .notWritable(path: path, error: error) }
    }

    // MARK: The numbered folder

    private func tracked() throws(WorkspaceFailure) -> JobFolders {
        let collection = Self.pathPart(variables["system.collectionId"] ?? "local")
        let definition = Self.pathPart(variables["system.definitionId"] ?? "0")
        let folder = "\(folders.mappings)/\(collection)/\(definition)"
        let path = "\(folder)/SourceFolder.json"
        let key = hashKey(collection, definition)
        let known = Self.read(SourceFolderFile.self, path)
        let number: String
        if let known, known.hashKey == key, !known.agent_builddirectory.isEmpty {
            number = known.agent_builddirectory
        } else {
            try make(folder)
            if known != nil { retire(path, collection, definition) }
            number = try nextNumber()
        }
        // Upkeep may remove the folder up to here; it is then made again, and the file below names it again.
        try uses.hold(UpkeepItem.ID(.workspace, number))
        try make(folder)
        try make("\(folders.work)/\(number)")
        let file = SourceFolderFile(
            hashKey: key,
            system: "build",
            collectionId: collection,
            definitionId: definition,
            definitionName: variables["system.definitionName"] ?? variables["build.definitionName"] ?? "",
            collectionUrl: variables["system.collectionUri"] ?? "",
            repositoryUrl: order.repositories.first?.url ?? "",
            repositoryType: order.repositories.first?.type ?? "",
            lastRunOn: Self.now(),
            agent_builddirectory: number,
            build_sourcesdirectory: "\(number)/s",
            build_artifactstagingdirectory: "\(number)/a",
            common_testresultsdirectory: "\(number)/TestResults"
        )
        try write(file, path)
        return JobFolders(build: "\(folders.work)/\(number)")
    }

    /// Names the pipeline and its repositories; another repository needs another folder.
    private func hashKey(_ collection: String, _ definition: String) -> String {
        let repositories = order.repositories.map { "\($0.alias)=\($0.type):\($0.url)" }.sorted()
        let text = (["build", collection, definition] + repositories).joined(separator: "\n")
        return Insecure.SHA1.hash(data: Array(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// Moves the tracking file of a folder that is no longer used to where maintenance looks for it.
    private func retire(_ path: String, _ collection: String, _ definition: String) {
        let garbage = "\(folders.mappings)/GC"
        guard FileTree.make(garbage) == 0 else { return }
        _ = rename(path, "\(garbage)/\(UUID().uuidString.lowercased()).json")
    }

    /// Takes the next number; the file is locked, because agents may share a work folder.
    private func nextNumber() throws(WorkspaceFailure) -> String {
        let path = "\(folders.mappings)/Mappings.json"
        let lock = open("\(path).lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .notWritable(path: path, error: errno) }
        defer { close(lock) }
        flock(lock, LOCK_EX)
        var last = Self.read(MappingsFile.self, path)?.lastBuildFolderNumber ?? 0
        // A folder may stand there without being listed, when the list was lost.
        repeat { last += 1 } while FileTree.exists("\(folders.work)/\(last)")
        try write(MappingsFile(lastBuildFolderCreatedOn: Self.now(), lastBuildFolderNumber: last), path)
        try make("\(folders.work)/\(last)")
        return String(last)
    }

    // MARK: Files

    private static func read<Content: Decodable>(_ type: Content.Type, _ path: String) -> Content? {
        guard let bytes = ProcFile.read(path, limit: 1 << 20) else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    private func write(_ content: some Encodable, _ path: String) throws(WorkspaceFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(content) else { return }
        let error = SmallFile.write(String(decoding: data, as: UTF8.self), to: path, mode: 0o644)
        if error != 0 { throw .notWritable(path: path, error: error) }
    }

    /// A text that can stand for one part of a path.
    private static func pathPart(_ text: String) -> String {
        let safe = text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
        return safe.isEmpty ? "_" : String(safe.prefix(100))
    }

    private static func now() -> String { Date().formatted(.iso8601) }
}
