import RoostModel

/// Why a person is not signed in.
enum SignInFailure: UserFacingError, Hashable {
    case declined(String)
    case nobodyCame
    case otherState

    var code: String { "login.failed" }

    var summary: String {
        switch self {
        case .declined(let reason): "The sign-in was refused: \(reason)."
        case .nobodyCame: "Nobody has let the program in within ten minutes."
        case .otherState: "The browser came back from another sign-in than this one."
        }
    }

    var advice: String? { "Try again, or log in with 'roost login URL --device'." }
}
