public import RoostModel

/// Why a cache of layers cannot be used.
public enum LayerCacheFailure: UserFacingError, Equatable {
    case folder(path: String, reason: String)
    /// Builds use it.
    case inUse(path: String)
    /// More layers than the kernel puts over one another.
    case tooManyLayers(count: Int)

    public var code: String {
        switch self {
        case .folder: "layers.folder"
        case .inUse: "layers.in-use"
        case .tooManyLayers: "layers.too-many"
        }
    }

    public var summary: String {
        switch self {
        case .folder(let path, let reason): "The cache of layers \(path) cannot be used: \(reason)"
        case .inUse(let path): "The cache of layers \(path) is being used by a build"
        case .tooManyLayers(let count): "\(count) layers are more than can be put over one another"
        }
    }

    public var advice: String? {
        switch self {
        case .folder: "--cache-folder chooses another."
        case .inUse: "Try again when no build runs."
        case .tooManyLayers(let count):
            "Join some of the \(count - 1) provisioners, or build first one image and then another with it as base."
        }
    }
}
