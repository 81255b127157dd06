import RoostModel

/// Why a connection does not let anybody in.
struct ConnectionFailure: UserFacingError, Hashable {
    enum Reason: Hashable {
        /// What the other side answered.
        case refused(url: String, status: Int, message: String)
        case unreachable(String)
        case missing(parameter: String)
        case badCertificate(String)
        /// Nobody but the machine of a job can try it.
        case onlyOnMachine
        /// There is nothing to sign in to.
        case notVerifiable(type: String)
        case failed(String)
    }

    var connection: String
    var kind: ConnectionKind
    var reason: Reason

    var code: String {
        switch reason {
        case .refused: "service-connection.refused"
        case .unreachable: "service-connection.unreachable"
        case .onlyOnMachine, .notVerifiable: "service-connection.not-verifiable"
        case .missing, .badCertificate, .failed: "service-connection.unusable"
        }
    }

    var summary: String { "The service connection '\(connection)' (\(kind.rawValue)): \(words)." }

    private var words: String {
        switch reason {
        case .refused(let url, let status, let message):
            "\(url) answers \(status)\(message.isEmpty ? "" : ": \(message.trimmingPeriod)")"
        case .unreachable(let problem): problem.trimmingPeriod
        case .missing(let parameter): "it has no '\(parameter)'"
        case .badCertificate(let problem): "its certificate cannot be used: \(problem)"
        case .onlyOnMachine:
            "its credential is the identity of the machine that a job runs on, which only that machine can try"
        case .notVerifiable(let type): "connections of the type '\(type)' are tried by the tasks that use them"
        case .failed(let problem): problem.trimmingPeriod
        }
    }

    var advice: String? {
        switch reason {
        case .refused(_, 401, _), .refused(_, 400, _):
            switch kind {
            case .secret:
                "Give it a secret that is good: 'roost service-connection update \"\(connection)\" --secret-file PATH'."
            case .certificate: "Register the certificate there, or give it another one with '--certificate-file PATH'."
            case .federation:
                "Let the identity there trust the issuer, subject and audience that 'roost service-connection show \"\(connection)\"' names."
            case .managedIdentity, .none: nil
            }
        case .refused(_, 403, _): "Give the identity there the rights it needs."
        case .refused(_, 404, _): "Check the subscription."
        case .refused: nil
        case .unreachable: "Check the endpoints of its cloud, and that this server may reach them."
        case .missing, .badCertificate: "Add it with 'roost service-connection update \"\(connection)\"'."
        case .onlyOnMachine: "Run a job that uses it."
        case .notVerifiable, .failed: nil
        }
    }
}

extension String {
    fileprivate var trimmingPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
