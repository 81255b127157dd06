import ArgumentParser
import RoostModel
import RoostWire

/// A kind of credential, as options name it.
enum EnrolmentKind: String, ExpressibleByArgument, CaseIterable {
    case pat, federated, certificate, unknown
    case deviceCode = "device-code"
    case authorizationCode = "authorization-code"
    case clientSecret = "client-secret"
    case managedIdentity = "managed-identity"
    case enrollmentToken = "enrollment-token"

    /// What the server calls it; nil is an agent of which it was not kept.
    private var signIn: SignIn? {
        switch self {
        case .pat: .personalToken
        case .federated: .federated
        case .certificate: .certificate
        case .unknown: nil
        case .deviceCode: .deviceCode
        case .authorizationCode: .authorizationCode
        case .clientSecret: .clientSecret
        case .managedIdentity: .managedIdentity
        case .enrollmentToken: .enrollmentToken
        }
    }

    /// Whether an agent came with it.
    func includes(_ agent: TaskAgentWire) -> Bool { agent.enrolledBy?.signIn == signIn?.rawValue }

    /// The option's word for what the server says.
    static func word(_ signIn: String) -> String {
        allCases.first { $0.signIn?.rawValue == signIn }?.rawValue ?? signIn
    }
}

extension AgentEnrolmentWire {
    /// For a person, such as `federated, enroller:ci, 2 h ago`.
    var text: String {
        [signIn.map(EnrolmentKind.word), actor, at.map { TimeText.ago($0) }].compactMap(\.self).joined(separator: ", ")
    }
}
