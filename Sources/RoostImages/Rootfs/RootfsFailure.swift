public import RoostModel

/// Why a root file system cannot be built.
public enum RootfsFailure: UserFacingError, Equatable {
    /// An option is not of the kind that it has to be, or is known only when the build runs.
    case option(String, reason: String)
    case baseMissing(path: String, reason: String)
    /// A file or folder that is no root file system in a form that is known.
    case baseUnknown(path: String)
    case outputThere(path: String)
    case outputFailed(path: String, reason: String)
    /// A test of the finished image.
    case testFailed(String, code: Int32)

    public var code: String {
        switch self {
        case .option: "rootfs.option"
        case .baseMissing: "rootfs.base-missing"
        case .baseUnknown: "rootfs.base-unknown"
        case .outputThere: "rootfs.output-there"
        case .outputFailed: "rootfs.output-failed"
        case .testFailed: "rootfs.test-failed"
        }
    }

    public var summary: String {
        switch self {
        case .option(let name, let reason): "The option \"\(name)\" of roost-rootfs \(reason)"
        case .baseMissing(let path, let reason): "The base \(path) cannot be read: \(reason)"
        case .baseUnknown(let path): "The base \(path) is neither a folder nor an archive"
        case .outputThere(let path): "The output \(path) is there already"
        case .outputFailed(let path, let reason): "The output \(path) cannot be written: \(reason)"
        case .testFailed(let name, let code): "The finished image fails \"\(name)\": it ended with \(code)"
        }
    }

    public var advice: String? {
        switch self {
        case .outputThere: "Remove it, or build with -force, which replaces it."
        case .testFailed: "Nothing was written or published; the layers are kept."
        default: nil
        }
    }
}
