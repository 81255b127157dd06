public import RoostModel

/// Why packer cannot build a target.
public enum PackerFailure: UserFacingError, Hashable {
    /// There is no such program.
    case missing(String)
    case accountIncomplete(missing: String)
    case accountFile(name: String, path: String)
    case unknownCloud(String)
    case folder(path: String, reason: String)
    /// A chain of post-processors came to nothing before a step that is run here.
    case noArtifact(before: String)
    /// packer ended with an error, in its own words.
    case failed(String)

    public var code: String {
        switch self {
        case .missing: "image-build.no-packer"
        case .accountIncomplete, .accountFile, .unknownCloud: "image-build.account"
        case .folder: "image-build.packer-folder"
        case .noArtifact: "image-build.no-artifact"
        case .failed: "image-build.packer-failed"
        }
    }

    public var summary: String {
        switch self {
        case .missing(let name): "the program \(name) is not there"
        case .accountIncomplete(let name): "The environment says how to sign in to Azure, and \(name) is missing"
        case .accountFile(let name, let path): "The file \(path), which \(name) names, cannot be read"
        case .unknownCloud(let name): "ARM_ENVIRONMENT names the cloud \"\(name)\", which packer does not know"
        case .folder(let path, let reason): "\(path): \(reason)"
        case .noArtifact(let step): "packer made nothing that \(step) could work with"
        case .failed(let reason): reason
        }
    }

    public var advice: String? {
        switch self {
        case .missing:
            "Install packer: the package \"packer\" of Debian 12 and Ubuntu, or https://developer.hashicorp.com/packer/install. Name another with --packer or ROOST_PACKER, or leave the target out with -except."
        case .accountIncomplete: "Set it, or give the credentials in the template."
        case .accountFile: "It has to be a file of less than 64 KiB."
        case .unknownCloud:
            "Use public, china or usgovernment, or name the host that tells the endpoints with ARM_METADATA_HOSTNAME."
        case .folder: "Give the user the right to write there, or set XDG_CACHE_HOME."
        case .noArtifact, .failed: nil
        }
    }
}
