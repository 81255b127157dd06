import RoostModel

/// Inputs as folders, and programs of the machine that tasks call.
extension StepWork {
    /// The first of several names of an input that is given.
    func input(_ name: String, _ aliases: String...) -> String? {
        ([name] + aliases).lazy.compactMap { input($0) }.first
    }

    /// An input without which the task cannot work.
    ///
    /// - Throws: ``TaskFailure/inputMissing(_:)``.
    func required(_ name: String) throws(TaskFailure) -> String {
        guard let value = input(name) else { throw .inputMissing(name) }
        return value
    }

    /// An input that is one of a few words, in lower case.
    ///
    /// - Throws: ``TaskFailure/inputInvalid(_:value:expected:)``.
    func word(_ name: String, of words: [String], default fallback: String) throws(TaskFailure) -> String {
        let value = input(name) ?? fallback
        guard let word = words.first(where: { $0.lowercased() == value.lowercased() }) else {
            throw .inputInvalid(name, value: value, expected: words.joined(separator: ", "))
        }
        return word.lowercased()
    }

    /// Where relative paths begin.
    var base: String { variables["System.DefaultWorkingDirectory"] ?? folders.sources }

    /// A path below ``base`` when it is relative, without dots and slashes that mean nothing.
    func place(_ path: String) -> String { absolute(path, below: base).withoutDots }

    /// A program of the machine; in a container its first name, which is looked up there when it starts.
    ///
    /// - Throws: ``ProgramFailure/missing(_:package:)``.
    func program(_ names: String..., package: String) throws(ProgramFailure) -> String {
        // In a container it is looked up there when it starts.
        if container != nil, let name = names.first { return name }
        for name in names {
            if let found = ExecutableSearch.find(name, path: environment["PATH"]) { return found }
        }
        throw .missing(names.first ?? "", package: package)
    }

    /// Shows the command and runs it to its end.
    ///
    /// - Parameters:
    ///   - program: an absolute path.
    ///   - arguments: of the program.
    ///   - folder: where it begins; ``base`` when nothing is given.
    ///   - errors: takes standard error by itself.
    /// - Returns: how it ended.
    /// - Throws: ``ProcessFailure`` or ``StepStopped``.
    func call(
        _ program: String,
        _ arguments: [String],
        in folder: String? = nil,
        errors: (any ProcessOutput)? = nil
    ) async throws -> ProcessOutcome {
        output.writeLine("##[command]\(([program] + arguments).map(\.asShownWord).joined(separator: " "))")
        let launch = ProcessLaunch(
            executable: program,
            arguments: arguments,
            environment: environment,
            workingDirectory: folder ?? base
        )
        let outcome = try await execute(launch, errors: errors)
        output.endLine()
        return outcome
    }

    /// What a program prints, when it ends with 0; nil otherwise.
    ///
    /// Nothing of it is shown.
    func answer(of program: String, _ arguments: [String]) async throws -> String? {
        let captured = CapturedOutput()
        let launch = ProcessLaunch(
            executable: program,
            arguments: arguments,
            environment: environment,
            workingDirectory: settings.folders.temp
        )
        let outcome = try await execute(launch, receiver: captured)
        if outcome.stopped { throw StepStopped() }
        return outcome.exitCode == 0 ? captured.text.trimmingWhitespace : nil
    }
}

extension String {
    /// An absolute path without `.`, `..` and doubled slashes.
    var withoutDots: String {
        var parts: [Substring] = []
        for part in split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// As a command line shows a word.
    fileprivate var asShownWord: String { isEmpty || contains(where: \.isWhitespace) ? "\"\(self)\"" : self }
}

/// A program of the machine is not there.
enum ProgramFailure: UserFacingError, Hashable {
    case missing(String, package: String)
    case failed(String, code: Int32)

    var code: String {
        switch self {
        case .missing: "task.program-missing"
        case .failed: "task.program-failed"
        }
    }
    var summary: String {
        switch self {
        case .missing(let name, _): "The program '\(name)' was not found on this agent."
        case .failed(let name, let code): "\(name) ended with code \(code)."
        }
    }
    var location: String? { nil }
    var advice: String? {
        switch self {
        case .missing(_, let package): "Install it; on Debian and Ubuntu the package \(package) has it."
        case .failed: "What it wrote above says why."
        }
    }
}
