import FoundationEssentials
import RoostModel

/// `UsePythonVersion@0`: puts a Python on PATH for the steps that follow.
///
/// A Python of the tool cache is used as it is. One of the system is not: what steps install with pip would change the machine for every
/// later job, and Debian's refuses it. From it the job gets an environment of its own (`python -m venv`) in its temporary folder.
struct UsePythonVersionTask: TaskHandler {
    static let reference = TaskReference(
        id: "33c63b11-352b-45a2-ba1b-54cb568a29ca",
        name: "UsePythonVersion",
        version: "0.250.0"
    )
    let title = "Use Python version"

    func run(_ work: StepWork) async throws -> TaskResult {
        let wanted = work.input("versionSpec") ?? "3.x"
        guard let range = VersionRange(wanted) else {
            throw TaskFailure.inputInvalid(
                "versionSpec",
                value: wanted,
                expected: "a version or a range such as 3.11, 3.x or '>=3.9 <3.12'"
            )
        }
        let search = PythonSearch(
            tools: work.settings.folders.tools,
            path: work.environment["PATH"],
            home: work.environment["HOME"]
        )
        var all = search.cached(architecture: work.input("architecture") ?? ToolCache.architecture)
        if let best = Self.best(of: all, in: range) { return use(best.executable, best.version, work) }
        for candidate in search.candidates() {
            guard let version = try await version(of: candidate, work) else { continue }
            all.append(PythonSearch.Found(version: version, executable: candidate, isCached: false))
        }
        guard let best = Self.best(of: all, in: range) else {
            throw PythonFailure.noVersion(wanted, found: Set(all.map(\.version)).sorted(), tools: search.tools)
        }
        let environment = "\(work.settings.folders.temp)/python/\(best.version)"
        let executable = "\(environment)/bin/python"
        if !FileTree.isFile(executable) {
            let arguments = ["-m", "venv", environment]
            work.output.writeLine("##[command]\(([best.executable] + arguments).joined(separator: " "))")
            let outcome = try await work.execute(launch(best.executable, arguments, work))
            work.output.endLine()
            guard outcome.exitCode == 0 else {
                if outcome.stopped { throw StepStopped() }
                throw PythonFailure.noEnvironment(python: best.executable, version: best.version)
            }
        }
        return use(executable, best.version, work)
    }

    private static func best(of all: [PythonSearch.Found], in range: VersionRange) -> PythonSearch.Found? {
        all.filter { range.contains($0.version) }.max { $0.version < $1.version }
    }

    /// What follows sees it: PATH, and `pythonLocation` as an output of the step.
    private func use(_ executable: String, _ version: ToolVersion, _ work: StepWork) -> TaskResult {
        let binaries = String(executable[..<(executable.lastIndex(of: "/") ?? executable.endIndex)])
        let location = String(binaries[..<(binaries.lastIndex(of: "/") ?? binaries.endIndex)])
        work.output.writeLine("Python \(version) in \(location)")
        work.command("##vso[task.setvariable variable=pythonLocation;isOutput=true]\(location)")
        if work.flag("addToPath", default: true) { work.command("##vso[task.prependpath]\(binaries)") }
        return .succeeded
    }

    /// Nil when the program is no Python that runs.
    private func version(of executable: String, _ work: StepWork) async throws -> ToolVersion? {
        let question = ["-c", "import platform; print(platform.python_version())"]
        return try await work.answer(of: executable, question).flatMap(ToolVersion.init)
    }

    private func launch(_ executable: String, _ arguments: [String], _ work: StepWork) -> ProcessLaunch {
        ProcessLaunch(
            executable: executable,
            arguments: arguments,
            environment: work.environment,
            workingDirectory: work.settings.folders.temp
        )
    }
}

/// Why a Python could not be put on PATH.
enum PythonFailure: UserFacingError, Hashable {
    case noVersion(String, found: [ToolVersion], tools: String)
    case noEnvironment(python: String, version: ToolVersion)

    var code: String {
        switch self {
        case .noVersion: "task.python-version-missing"
        case .noEnvironment: "task.python-environment"
        }
    }

    var summary: String {
        switch self {
        case .noVersion(let wanted, let found, _):
            "No Python '\(wanted)' is on this agent; it has \(found.isEmpty ? "none" : found.map(\.description).joined(separator: ", "))."
        case .noEnvironment(let python, let version):
            "'\(python)' (\(version)) could not make an environment for the job."
        }
    }

    var advice: String? {
        switch self {
        case .noVersion(_, _, let tools):
            "Install it, put it into the tool cache (\(tools)/Python/VERSION/x64 with x64.complete beside it), or ask for another 'versionSpec'."
        case .noEnvironment:
            "Its 'venv' and 'ensurepip' modules are needed; on Debian the package python3-venv has them. A version that never had them, such as 2.7, works from the tool cache."
        }
    }
}
