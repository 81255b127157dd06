import RoostModel

/// A file of the command line that cannot be used.
enum HCLFileFailure: UserFacingError {
    /// At least one.
    case unreadable([String])
    case unwritable(String)
    case exists(String)

    var code: String {
        switch self {
        case .unreadable: "file.unreadable"
        case .unwritable: "file.unwritable"
        case .exists: "file.exists"
        }
    }

    var summary: String {
        switch self {
        case .unreadable(let paths):
            paths.count == 1 ? "The file cannot be read." : "\(paths.count) files cannot be read."
        case .unwritable: "The file cannot be written."
        case .exists: "There is a file of that name already."
        }
    }

    var location: String? {
        switch self {
        case .unreadable(let paths): paths.joined(separator: ", ")
        case .unwritable(let path), .exists(let path): path
        }
    }

    var advice: String? {
        switch self {
        case .exists: "Name another file with -output-file, or write over it with --force."
        case .unreadable(let paths) where paths.count > 1: "Look whether they exist and you have the right to them."
        default: "Look whether it exists and you have the right to it."
        }
    }
}
