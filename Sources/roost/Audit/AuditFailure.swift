import RoostModel

/// What can go wrong with an exported audit.
enum AuditFailure: UserFacingError {
    case unwritable(path: String)
    case cutOff

    var code: String {
        switch self {
        case .unwritable: "file.unwritable"
        case .cutOff: "audit.cut-off"
        }
    }

    var summary: String {
        switch self {
        case .unwritable: "The file cannot be written."
        case .cutOff: "The server's answer ended before its last line."
        }
    }

    var location: String? {
        if case .unwritable(let path) = self { return path }
        return nil
    }

    var advice: String? {
        switch self {
        case .unwritable: "Check that the folder is there and that you may write in it."
        case .cutOff: "Try again; look at the server with 'roost status'."
        }
    }
}
