import RoostModel

/// A file of the command line that cannot be used.
enum HCLFileFailure: UserFacingError {
    case unreadable(String)
    case unwritable(String)

    var code: String {
        switch self {
        case .unreadable: "file.unreadable"
        case .unwritable: "file.unwritable"
        }
    }

    var summary: String {
        switch self {
        case .unreadable: "The file cannot be read."
        case .unwritable: "The file cannot be written."
        }
    }

    var location: String? {
        switch self {
        case .unreadable(let path), .unwritable(let path): path
        }
    }

    var advice: String? { "Look whether it exists and you have the right to it." }
}
