import RoostModel

/// A file of the command line that cannot be used.
enum HCLFileFailure: UserFacingError {
    case unreadable(String)
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
        case .unreadable: "The file cannot be read."
        case .unwritable: "The file cannot be written."
        case .exists: "There is a file of that name already."
        }
    }

    var location: String? {
        switch self {
        case .unreadable(let path), .unwritable(let path), .exists(let path): path
        }
    }

    var advice: String? {
        if case .exists = self { return "Name another file with -output-file, or write over it with --force." }
        return "Look whether it exists and you have the right to it."
    }
}
