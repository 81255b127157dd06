import RoostModel

/// Why a job does not get the values of a variable group.
struct VaultReadFailure: UserFacingError, Hashable {
    enum Reason: Hashable {
        /// What the vault answered, with its own word for it.
        case answered(Int, String?)
        case unreachable(String)
        /// The answer is not what such a vault gives.
        case unreadable
        case disabled
        case noRight(pool: String)
        case noConnection
        /// The service connection lacks something.
        case connection(String, missing: String)
        case noGroup
        case storeUnavailable(String)
        /// The cloud does not let the service connection in.
        case signIn(ConnectionFailure)
    }

    var group: String
    var vault: GroupVault?
    /// Nil where no single one is meant.
    var secret: String?
    var reason: Reason

    var code: String { "variable-group.vault" }

    var summary: String {
        let what = secret.map { "the secret '\($0)'" } ?? "the secrets"
        let place = vault.map { " of the \($0.title)" } ?? ""
        return "Variable group '\(group)': \(what)\(place) cannot be read: \(words)."
    }

    private var words: String {
        switch reason {
        case .answered(let status, let word): "the answer is \(status)" + (word.map { " (\($0))" } ?? "")
        case .unreachable(let problem): problem
        case .unreadable: "the answer cannot be understood"
        case .disabled: "it is disabled"
        case .noRight(let pool): "jobs of the pool '\(pool)' may not get secrets of it"
        case .noConnection: "its service connection is not there any more"
        case .connection(let name, let missing): "the service connection '\(name)' has no \(missing)"
        case .noGroup: "the group is not there any more"
        case .storeUnavailable(let problem): problem
        case .signIn(let failure): String(failure.summary.dropLast())
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch reason {
        case .answered(401, _): "Give the service connection a credential that is good."
        case .answered(403, _): "Let whom the service connection stands for read secrets there."
        case .answered(400, _): "Check tenant, client and secret of the service connection, and the names."
        case .answered(404, _): "Make the secret, or take its name out of the group."
        case .answered(429, _), .answered(500..., _): "Try again later."
        case .answered: nil
        case .unreachable: "Check the address, and that this server may reach it."
        case .unreadable: "Check that the address is that of such a vault."
        case .disabled: "Enable it, or take its name out of the group."
        case .noRight(let pool): "Run 'roost vault grant \(vault?.vault ?? "VAULT") pool:\(pool) get'."
        case .noConnection: "Give the group another connection."
        case .connection: "Add it with 'roost service-connection update'."
        case .noGroup: "Queue the run again."
        case .storeUnavailable: nil
        case .signIn(let failure): failure.advice
        }
    }
}
