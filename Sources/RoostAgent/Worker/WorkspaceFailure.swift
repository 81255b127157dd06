import Glibc
public import RoostModel

/// Why the folders of a job could not be prepared.
public enum WorkspaceFailure: UserFacingError, Hashable {
    /// A folder could not be made or a file not written; an error number of the C library.
    case notWritable(path: String, error: Int32)

    public var code: String { "workspace.not-writable" }

    public var summary: String {
        switch self {
        case .notWritable(let path, let error): "'\(path)' could not be written: \(systemMessage(error))."
        }
    }

    public var advice: String? {
        switch self {
        case .notWritable(_, ENOSPC), .notWritable(_, EDQUOT):
            "Free space on the disk of the agent's work folder, or move the folder to a larger disk with '--work'."
        case .notWritable: "Give the agent's user the right to write there, or choose another folder with '--work'."
        }
    }
}
