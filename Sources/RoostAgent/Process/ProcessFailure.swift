import Glibc
public import RoostModel

/// Why a program could not be started.
public enum ProcessFailure: UserFacingError, Hashable {
    case programNotFound(String, path: String)
    case notExecutable(String)
    case directoryMissing(String)
    /// The system refused for another reason; an error number of the C library.
    case refused(program: String, error: Int32)
    case noPipe(error: Int32)
    case noThread(error: Int32)

    public var code: String {
        switch self {
        case .programNotFound: "process.program-not-found"
        case .notExecutable: "process.not-executable"
        case .directoryMissing: "process.directory-missing"
        case .refused: "process.refused"
        case .noPipe, .noThread: "process.no-resources"
        }
    }

    public var summary: String {
        switch self {
        case .programNotFound(let name, _): "The program '\(name)' was not found on this machine."
        case .notExecutable(let path): "'\(path)' cannot be executed."
        case .directoryMissing(let path): "The working directory '\(path)' does not exist."
        case .refused(let program, let error): "'\(program)' could not be started: \(systemMessage(error))."
        case .noPipe(let error): "No pipe could be made for a step's output: \(systemMessage(error))."
        case .noThread(let error): "No thread could be made for a step: \(systemMessage(error))."
        }
    }

    public var advice: String? {
        switch self {
        case .programNotFound(_, let path):
            "Install it on the machine of this agent, or add its folder to PATH (now: \(path))."
        case .notExecutable: "Give it the executable bit (chmod +x) or start it through its interpreter."
        case .directoryMissing: "Create it in an earlier step, or correct 'workingDirectory' of this step."
        case .refused(_, let error) where error == E2BIG:
            "The variables of the job are too large for an environment; shorten them or pass them in a file."
        case .refused: nil
        case .noPipe, .noThread:
            "Raise the limits of open files and processes (ulimit -n, ulimit -u) of the agent's user."
        }
    }
}

/// What the C library says about an error number.
func systemMessage(_ error: Int32) -> String { String(cString: strerror(error)) }
