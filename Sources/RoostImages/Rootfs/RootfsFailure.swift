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
    /// A program of this machine, or a folder of one, is needed.
    case programMissing(String, package: String)
    /// In MiB.
    case diskTooSmall(needed: Int, given: Int)
    /// A disk without a file system that can be read.
    case noRoot(path: String)
    /// A boot loader was asked for.
    case noKernel

    public var code: String {
        switch self {
        case .option: "rootfs.option"
        case .baseMissing: "rootfs.base-missing"
        case .baseUnknown: "rootfs.base-unknown"
        case .outputThere: "rootfs.output-there"
        case .outputFailed: "rootfs.output-failed"
        case .testFailed: "rootfs.test-failed"
        case .programMissing: "rootfs.program-missing"
        case .diskTooSmall: "rootfs.disk-too-small"
        case .noRoot: "rootfs.no-root"
        case .noKernel: "rootfs.no-kernel"
        }
    }

    public var summary: String {
        switch self {
        case .option(let name, let reason): "The option \"\(name)\" of roost-rootfs \(reason)"
        case .baseMissing(let path, let reason): "The base \(path) cannot be read: \(reason)"
        case .baseUnknown(let path): "The base \(path) is neither a folder nor an archive nor a disk"
        case .outputThere(let path): "The output \(path) is there already"
        case .outputFailed(let path, let reason): "The output \(path) cannot be written: \(reason)"
        case .testFailed(let name, let code): "The finished image fails \"\(name)\": it ended with \(code)"
        case .programMissing(let name, _): "\(name) is needed for disks, and this machine does not have it"
        case .diskTooSmall(let needed, let given):
            "The image needs a disk of \(needed) MiB, and disk_size is \(given) MiB"
        case .noRoot(let path): "The disk \(path) has no root file system of the kinds ext2, ext3 and ext4"
        case .noKernel: "The image has no kernel in /boot for a boot loader to start"
        }
    }

    public var advice: String? {
        switch self {
        case .outputThere: "Remove it, or build with -force, which replaces it."
        case .testFailed: "Nothing was written or published; the layers are kept."
        case .programMissing(_, let package): "Install Debian's package \(package)."
        case .diskTooSmall(let needed, _): "Give disk_size at least \(needed)M, or leave it out."
        case .noKernel: "Install one, such as linux-image-cloud-amd64, or build with boot_loader = \"none\"."
        default: nil
        }
    }
}
