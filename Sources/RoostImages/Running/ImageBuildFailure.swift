import RoostLanguage
public import RoostModel

/// Why a build of an image failed.
public enum ImageBuildFailure: UserFacingError, Hashable {
    case notStarted(program: String, reason: String)
    /// A script ended with a code that is not allowed.
    case exitCode(Int32, allowed: [Int])
    case timedOut(step: String, after: Duration)
    /// The machine cannot be reached any more.
    case disconnected(String)
    /// There is no machine that scripts and files could go to.
    case noMachine(type: String)
    case file(path: String, reason: String)
    /// A setting that was computed during the build is wrong.
    case setting(String)
    case program(name: String, said: String)
    /// The finished image does not do what it should.
    case validation(step: String, reason: String)

    public var code: String {
        switch self {
        case .notStarted: "image-build.not-started"
        case .exitCode: "image-build.exit-code"
        case .timedOut: "image-build.timed-out"
        case .disconnected: "image-build.disconnected"
        case .noMachine: "image-build.no-machine"
        case .file: "image-build.file"
        case .setting: "image-build.setting"
        case .program: "image-build.program"
        case .validation: "image-build.validation"
        }
    }

    public var summary: String {
        switch self {
        case .notStarted(let program, let reason): "\(program) cannot be started: \(reason)"
        case .exitCode(let code, let allowed):
            // As packer writes it, so that who looks for it finds it.
            "Script exited with non-zero exit status: \(code).Allowed exit codes are: \(GoText.list(allowed))"
        case .timedOut(let step, let limit): "The provisioner \(step) took longer than \(GoText.duration(limit))"
        case .disconnected(let reason): "The machine cannot be reached: \(reason)"
        case .noMachine(let type): "The builder \"\(type)\" makes no machine that scripts and files can go to"
        case .file(let path, let reason): "\(path): \(reason)"
        case .setting(let problem): problem
        case .validation(let step, let reason): "The validation \(step) of the finished image failed: \(reason)"
        case .program(let name, let said): "\(name) failed\(said.isEmpty ? "" : ": \(said)")"
        }
    }

    public var advice: String? {
        switch self {
        case .timedOut: "Give it a longer \"timeout\", or none."
        case .noMachine: "Use shell-local, or a builder that makes a machine, such as roost-rootfs."
        default: nil
        }
    }
}

extension ImageBuildFailure {
    init(_ problem: Diagnostic) {
        let parts = [problem.summary, problem.detail, problem.advice].compactMap(\.self)
        self = .setting(parts.joined(separator: ". "))
    }

    /// What a person reads of any error.
    static func text(_ error: any Error) -> String {
        guard let error = error as? any UserFacingError else { return "\(error)" }
        guard let advice = error.advice else { return error.summary }
        return error.summary.hasSuffix(".") ? "\(error.summary) \(advice)" : "\(error.summary). \(advice)"
    }
}
