import RoostLanguage
import RoostModel

/// Chooses the handler of a section and the program that runs it.
///
/// The newest Node handler comes first, as in the vendor's agent. One of the versions in the agent's `externals` is taken as it is; otherwise the
/// `node` of PATH serves every handler of its own or an older major version.
enum NodeChoice {
    /// The major version behind a handler's name: 6 of `Node`, 20 of `Node20_1`; nil for other handlers.
    static func version(of handler: String) -> Int? {
        guard handler.lowercased().hasPrefix("node") else { return nil }
        let rest = handler.dropFirst(4)
        if rest.isEmpty { return 6 }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, rest.dropFirst(digits.count).allSatisfy({ $0 == "_" || $0.isNumber }) else { return nil }
        return Int(digits)
    }

    /// The Node handlers of a section, the newest first.
    static func handlers(_ entries: [TaskEntry]) -> [(entry: TaskEntry, version: Int)] {
        entries.compactMap { entry in version(of: entry.handler).map { (entry, $0) } }
            .sorted { ($0.version, $0.entry.handler) > ($1.version, $1.entry.handler) }
    }

    /// The handler that a Node.js of a version runs; nil when all need a newer one.
    static func best(
        _ handlers: [(entry: TaskEntry, version: Int)],
        node: Int
    ) -> TaskEntry? {
        handlers.first { $0.version <= node }?.entry
    }

    /// Finds handler and program.
    ///
    /// - Throws: ``TaskFolderFailure`` when nothing fits.
    static func find(
        _ entries: [TaskEntry],
        task: String,
        folders: TaskFolders,
        _ work: StepWork
    ) async throws -> (entry: TaskEntry, program: String)? {
        let handlers = handlers(entries)
        guard let least = handlers.last?.version else { return nil }
        for (entry, _) in handlers where work.container == nil {
            let own = "\(work.settings.folders.externals)/\(entry.handler.lowercased())/bin/node"
            if let program = ExecutableSearch.find(own, path: nil) { return (entry, program) }
        }
        let path = work.environment["PATH"]
        // A container has the Node.js of its image.
        let found = ExecutableSearch.find("node", path: path) ?? ExecutableSearch.find("nodejs", path: path)
        guard let program = work.container == nil ? found : "node" else {
            throw TaskFolderFailure.nodeMissing(task: task, needs: handlers[0].version)
        }
        let version = try await version(ofProgram: program, folders, work)
        guard let entry = best(handlers, node: version) else {
            throw TaskFolderFailure.nodeTooOld(task: task, needs: least, has: version, path: program)
        }
        return (entry, program)
    }

    private static func version(ofProgram program: String, _ folders: TaskFolders, _ work: StepWork) async throws -> Int
    {
        if work.container == nil, let known = folders.nodeVersion(program) { return known }
        let output = CapturedOutput()
        let launch = ProcessLaunch(
            executable: program,
            arguments: ["--version"],
            environment: work.environment.filter { ["PATH", "HOME", ProcessTree.markName].contains($0.key) },
            workingDirectory: "/"
        )
        let outcome = try await work.execute(launch, receiver: output)
        let digits = output.text.trimmingWhitespace.drop { $0 == "v" }.prefix { $0.isNumber }
        guard outcome.end == .exited(0), let version = Int(digits) else {
            throw TaskFolderFailure.nodeUnknown(path: program)
        }
        folders.setNodeVersion(version, of: program)
        return version
    }
}
