public import RoostModel

/// Why a repository could not be checked out.
public enum CheckoutFailure: UserFacingError, Hashable {
    case repositoryUnknown(alias: String, known: [String])
    case typeNotSupported(repository: String, type: String)
    case addressMissing(repository: String)
    case pathOutside(path: String, workspace: String)
    /// Another repository, or a working tree that is used as it is, stands there.
    case folderTaken(repository: String, String)
    case inputInvalid(name: String, value: String, expected: String)
    /// The folder could not be made a repository; git's exit code.
    case notInitialized(folder: String, exitCode: Int32)
    case fetchFailed(url: String, tries: Int, exitCode: Int32)
    case refMissing(repository: String, ref: String)
    case versionMissing(repository: String, version: String, exitCode: Int32)
    case submodulesFailed(repository: String, exitCode: Int32)
    case largeFilesFailed(repository: String, exitCode: Int32)
    case credentialsNotWritten(path: String, reason: String)

    public var code: String {
        switch self {
        case .repositoryUnknown: "checkout.repository-unknown"
        case .typeNotSupported: "checkout.type-not-supported"
        case .addressMissing: "checkout.address-missing"
        case .pathOutside: "checkout.path-outside"
        case .folderTaken: "checkout.folder-taken"
        case .inputInvalid: "checkout.input-invalid"
        case .notInitialized: "checkout.not-initialized"
        case .fetchFailed: "checkout.fetch-failed"
        case .refMissing: "checkout.ref-missing"
        case .versionMissing: "checkout.version-missing"
        case .submodulesFailed: "checkout.submodules-failed"
        case .largeFilesFailed: "checkout.large-files-failed"
        case .credentialsNotWritten: "checkout.credentials-not-written"
        }
    }

    public var summary: String {
        switch self {
        case .repositoryUnknown(let alias, let known):
            "The job has no repository '\(alias)'; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))."
        case .typeNotSupported(let repository, let type):
            "The repository '\(repository)' is of type '\(type)', which this agent cannot check out."
        case .addressMissing(let repository): "The repository '\(repository)' has no address."
        case .pathOutside(let path, let workspace):
            "The checkout path '\(path)' leads out of the job's workspace '\(workspace)'."
        case .folderTaken(let repository, let folder):
            "The repository '\(repository)' cannot be put into '\(folder)', where another one stands."
        case .inputInvalid(let name, let value, let expected):
            "The input '\(name)' of the checkout is '\(value)'; it must be \(expected)."
        case .notInitialized(let folder, let exitCode):
            "git could not make a repository of '\(folder)' (exit code \(exitCode))."
        case .fetchFailed(let url, let tries, let exitCode):
            "git could not fetch from '\(url)' in \(tries) tries (exit code \(exitCode))."
        case .refMissing(let repository, let ref): "The repository '\(repository)' has no ref '\(ref)'."
        case .versionMissing(let repository, let version, let exitCode):
            "git could not check out '\(version)' of '\(repository)' (exit code \(exitCode))."
        case .submodulesFailed(let repository, let exitCode):
            "git could not update the submodules of '\(repository)' (exit code \(exitCode))."
        case .largeFilesFailed(let repository, let exitCode):
            "git lfs failed in '\(repository)' (exit code \(exitCode))."
        case .credentialsNotWritten(let path, let reason):
            "The credentials for later steps could not be written to '\(path)': \(reason)."
        }
    }

    public var advice: String? {
        switch self {
        case .repositoryUnknown: "Declare it under 'resources: repositories:' of the pipeline."
        case .typeNotSupported: "Use a git repository, or fetch the sources in a 'script' step after 'checkout: none'."
        case .addressMissing: "Correct the repository of the pipeline, or the service connection it uses."
        case .pathOutside: "Give a relative path below the workspace."
        case .folderTaken: "Give one of the checkouts another folder with 'path'."
        case .inputInvalid, .notInitialized, .credentialsNotWritten: nil
        case .fetchFailed:
            "git's own message is above. Check the address, the network of this machine and the repository's service connection."
        case .refMissing: "It may have been deleted or renamed since the run was queued."
        case .versionMissing:
            "It may have been removed by a forced push since the run was queued; with 'fetchDepth' it may lie deeper than what was fetched."
        case .submodulesFailed:
            "git's own message is above. A submodule of another server needs 'persistCredentials' and a step of its own."
        case .largeFilesFailed: "Install git-lfs on this machine, or set 'lfs: false'."
        }
    }
}
