import FoundationEssentials

/// That a person may not come in for now, whatever tokens and sign-ins they have.
struct DisabledUser: Codable, Hashable, Sendable {
    /// As it was written when they were disabled; names are compared ignoring case.
    var name: String
    var at: Date
    /// As audits name who did it.
    var by: String

    /// Of the settings that hold them.
    static let prefix = "disabled-user:"

    var settingName: String { "\(Self.prefix)\(name.lowercased())" }

    /// What their tokens and sign-ins are refused with.
    var refusal: TokenRefusal { .userDisabled(name) }

    /// What making something for them is refused with.
    var error: ControlError { .userDisabled(name) }

    /// Those of a store, by name in small letters.
    static func all(_ settings: [String: Data]) -> [String: DisabledUser] {
        let decoder = JSONDecoder()
        let users = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(DisabledUser.self, from: $0) }
        return Dictionary(users.map { ($0.name.lowercased(), $0) }) { first, _ in first }
    }
}
