public import RoostModel

/// Why an image cannot be started.
public enum BootFailure: UserFacingError, Equatable {
    /// A value that is handed in.
    case value(String)
    case url(String)
    /// The image has nothing that starts.
    case noProgram(image: String)
    /// A virtual machine starts from a disk.
    case noDisk(image: String)
    case programMissing(String, package: String)
    /// The machine's or program's exit code.
    case ended(program: String, code: Int32)

    public var code: String {
        switch self {
        case .value: "image-boot.value"
        case .url: "image-boot.url"
        case .noProgram: "image-boot.no-program"
        case .noDisk: "image-boot.no-disk"
        case .programMissing: "image-boot.program-missing"
        case .ended: "image-boot.ended"
        }
    }

    public var summary: String {
        switch self {
        case .value(let name): "\(name) has to be one line"
        case .url(let url): "\"\(url)\" is no address of a server"
        case .noProgram(let image): "The image \(image) has no program /etc/roost/boot that starts with it"
        case .noDisk(let image): "The image \(image) is no disk, and a virtual machine starts from one"
        case .programMissing(let name, _): "\(name) is needed for virtual machines, and this machine does not have it"
        case .ended(let program, let code): "\(program) ended with \(code)"
        }
    }

    public var advice: String? {
        switch self {
        case .value, .ended: nil
        case .url: "Give the server's address, such as https://roost.example.org."
        case .noProgram: "Run the agent's ./boot.sh install USER while it is built, or name another with --command."
        case .noDisk: "Build it with format = \"qcow2\", or start it with --as sandbox."
        case .programMissing(_, let package): "Install Debian's package \(package)."
        }
    }
}
