import RoostLanguage
import RoostModel

/// A task that is a folder: runs what its `task.json` says in Node.js or as a program.
struct TaskFolderTask: PreJobTask, PostJobTask {
    let folder: TaskFolder
    let folders: TaskFolders

    var title: String { folder.manifest.friendlyName }
    var runsBeforeJob: Bool { folder.manifest.sections[.before] != nil }
    var runsAfterJob: Bool { folder.manifest.sections[.after] != nil }

    func runBeforeJob(_ work: StepWork) async throws -> TaskResult { try await run(.before, work) }
    func run(_ work: StepWork) async throws -> TaskResult { try await run(.main, work) }
    func runAfterJob(_ work: StepWork) async throws -> TaskResult { try await run(.after, work) }

    private func run(_ section: TaskManifest.Section, _ work: StepWork) async throws -> TaskResult {
        if section == .main, let text = folder.manifest.deprecation {
            work.report(.warning, "The task '\(folder.manifest.name)' is deprecated: \(text)")
        }
        guard let entries = folder.manifest.sections[section] else {
            work.output.writeLine("The task does nothing in this part of the job.")
            return .succeeded
        }
        let name = folder.manifest.name
        if let (entry, program) = try await NodeChoice.find(entries, task: name, folders: folders, work) {
            return try await runNode(entry, program, work)
        }
        if let entry = entries.first(where: { $0.handler.lowercased() == "process" }) {
            return try await runProcess(entry, work)
        }
        throw TaskFolderFailure.noHandler(task: name, section: section.rawValue, handlers: entries.map(\.handler))
    }

    // MARK: Node

    private func runNode(_ entry: TaskEntry, _ program: String, _ work: StepWork) async throws -> TaskResult {
        let target = "\(folder.path)/\(entry.target)"
        guard FileTree.isFile(target) else {
            throw TaskFolderFailure.targetMissing(task: folder.manifest.name, target: entry.target)
        }
        let values = TaskEnvironment(manifest: folder.manifest, work: work).values(hasSecrets: true)
        return try await launch(program, [target], entry, values, program: "Node.js", work)
    }

    // MARK: Programs

    private func runProcess(_ entry: TaskEntry, _ work: StepWork) async throws -> TaskResult {
        let environment = TaskEnvironment(manifest: folder.manifest, work: work)
        func expand(_ text: String) -> String {
            expandMacros(text) { name in
                name.lowercased() == "currentdirectory" ? folder.path : environment.input(name) ?? work.variables[name]
            }
        }
        let target = expand(entry.target)
        let own = "\(folder.path)/\(target)"
        let program = FileTree.isFile(own) ? own : target
        let found = try ExecutableSearch.require(program, path: work.environment["PATH"])
        let arguments = Self.words(entry.arguments).map(expand)
        return try await launch(found, arguments, entry, environment.values(hasSecrets: false), program: target, work)
    }

    /// The words of an `argumentFormat`: divided by blanks, which quotes keep together.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var (isQuoted, isOpen) = (false, false)
        for character in text {
            if character == "\"" {
                (isQuoted, isOpen) = (!isQuoted, true)
            } else if character.isWhitespace, !isQuoted {
                if isOpen { words.append(word) }
                (word, isOpen) = ("", false)
            } else {
                word.append(character)
                isOpen = true
            }
        }
        return isOpen ? words + [word] : words
    }

    // MARK: Both

    private func launch(
        _ executable: String,
        _ arguments: [String],
        _ entry: TaskEntry,
        _ values: [String: String],
        program: String,
        _ work: StepWork
    ) async throws -> TaskResult {
        let tooLong = values.filter {
            $0.key.utf8.count + $0.value.utf8.count + 2 > JobVariables.longestEnvironmentString
        }
        if !tooLong.isEmpty {
            work.report(
                .warning,
                "Too long for an environment and left out of it: \(tooLong.keys.sorted().joined(separator: ", "))."
            )
        }
        // What the step itself asks for under 'env' stands above all.
        let asked = work.step.environment.mapValues(work.variables.expand)
        var environment = work.environment.merging(values.filter { tooLong[$0.key] == nil }) { $1 }
        environment.merge(asked) { $1 }
        let launch = ProcessLaunch(
            executable: executable,
            arguments: arguments,
            environment: environment.filter { !$0.value.utf8.contains(0) },
            workingDirectory: directory(entry, work)
        )
        let outcome = try await execute(launch, work)
        if work.stop.endedOnlyProcess {
            work.output.endLine()
            return .succeeded
        }
        return work.judge(outcome, program: program)
    }

    /// Runs a process to its end, or until a while after it has said by `task.complete` with `done` that nothing more comes.
    private func execute(_ launch: ProcessLaunch, _ work: StepWork) async throws -> ProcessOutcome {
        try await withThrowingTaskGroup(of: ProcessOutcome?.self) { group in
            group.addTask { try await work.execute(launch) }
            group.addTask {
                await work.progress.untilDone()
                guard (try? await work.clock.sleep(for: Self.timeAfterDone)) != nil else { return nil }
                work.stop.control.stop(StopGrace(afterInterrupt: .zero, afterTerminate: .seconds(1)))
                return nil
            }
            defer { group.cancelAll() }
            while let outcome = try await group.next() {
                if let outcome { return outcome }
            }
            throw StepStopped()
        }
    }

    /// As long as Azure Pipelines' agent waits for the end of a process whose task is done.
    private static let timeAfterDone = Duration.seconds(5)

    private func directory(_ entry: TaskEntry, _ work: StepWork) -> String {
        if let given = entry.workingDirectory {
            let path = work.variables.expand(
                expandMacros(given) { $0.lowercased() == "currentdirectory" ? folder.path : nil }
            )
            return work.absolute(path, below: folder.path)
        }
        let usual = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        return FileTree.isFolder(usual) ? usual : folder.path
    }
}
