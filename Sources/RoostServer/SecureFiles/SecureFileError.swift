public import RoostModel

/// What is refused of secure files.
public enum SecureFileError: UserFacingError, Hashable {
    case notFound(String)
    case nameTaken(String)
    case nameInvalid(String)
    case tooLarge
    case noTicket(String)
    case notNamed(String)

    public var code: String {
        switch self {
        case .notFound: "secure-file.not-found"
        case .nameTaken: "secure-file.name-taken"
        case .nameInvalid: "secure-file.name-invalid"
        case .tooLarge: "secure-file.too-large"
        case .noTicket: "secure-file.no-ticket"
        case .notNamed: "secure-file.not-named"
        }
    }

    public var summary: String {
        switch self {
        case .notFound(let name): "There is no secure file '\(name)'."
        case .nameTaken(let name): "There is a secure file '\(name)' already."
        case .nameInvalid(let name): "The name '\(name)' cannot be that of a secure file."
        case .tooLarge: "The file is larger than 10 MiB, the most that a secure file may have."
        case .noTicket(let name): "The ticket does not open the secure file '\(name)'."
        case .notNamed(let name): "No step of this job names the secure file '\(name)'."
        }
    }

    public var location: String? { nil }

    public var advice: String? {
        switch self {
        case .notFound: "List them with 'roost secure-file list'; add one with 'roost secure-file add PATH'."
        case .nameTaken: "Give another --name, or delete the old one first."
        case .nameInvalid: "Use a plain file name of at most 200 characters, without '/'."
        case .tooLarge: nil
        case .noTicket, .notNamed:
            "Only a job whose steps name the file gets it, by a task such as DownloadSecureFile@1."
        }
    }
}
