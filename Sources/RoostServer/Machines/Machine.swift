import FoundationEssentials
import HTTPTypes
import RoostModel

/// A machine that has identities: its metadata endpoint asks for their tokens with the machine's key.
struct Machine: Codable, Hashable, Sendable {
    var id: UUID
    /// Unique, ignoring case.
    var name: String
    /// Identities of the directory it may be, the first when a request names none.
    var identities: [UUID]
    /// SHA-256 of its key, lower-case hexadecimal.
    var keyHash: String
    /// Addresses from which the key is good; empty is anywhere.
    var from: [String]
    var createdAt: Date
    var createdBy: String
    /// To the day.
    var lastSeenAt: Date?

    /// Of the settings that hold them.
    static let prefix = "machine:"
    /// What keys begin with.
    static let mark = "rsm_"

    var settingName: String { "\(Self.prefix)\(id.uuidString.lowercased())" }

    static func makeKey() -> Secret { Secret(mark + PersonalToken.make().exposed) }

    /// Whether its key may be used from an address.
    func isGood(from address: String) -> Bool {
        from.isEmpty || from.contains { AddressRange($0)?.contains(address) ?? false }
    }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: Machine] {
        let decoder = JSONDecoder()
        let machines = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(Machine.self, from: $0) }
        return Dictionary(machines.map { ($0.id, $0) }) { first, _ in first }
    }
}

/// Why a machine gets no token.
enum MachineRefusal: UserFacingError, Hashable {
    case unknownKey
    case wrongAddress(machine: String, address: String)
    case noIdentity(machine: String)
    case notAssigned(machine: String, wanted: String)
    case disabled(machine: String, identity: String)
    case badResource(String)

    var code: String {
        switch self {
        case .unknownKey: "machine.unknown-key"
        case .wrongAddress: "machine.wrong-address"
        case .noIdentity: "machine.no-identity"
        case .notAssigned: "machine.identity-not-assigned"
        case .disabled: "machine.identity-disabled"
        case .badResource: "machine.bad-resource"
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .unknownKey: .unauthorized
        case .badResource: .badRequest
        case .wrongAddress, .noIdentity, .notAssigned, .disabled: .forbidden
        }
    }

    var summary: String {
        switch self {
        case .unknownKey: "The machine's key is not known here."
        case .wrongAddress(let machine, let address):
            "The key of the machine '\(machine)' may not be used from the address '\(address)'."
        case .noIdentity(let machine): "The machine '\(machine)' has no identity."
        case .notAssigned(let machine, let wanted):
            "The identity '\(wanted)' is not assigned to the machine '\(machine)'."
        case .disabled(let machine, let identity):
            "The identity '\(identity)' of the machine '\(machine)' is disabled."
        case .badResource(let resource): "'\(resource)' is no resource that a token can be for."
        }
    }

    var advice: String? {
        switch self {
        case .unknownKey: "Make a new one with 'roost machine new-key NAME'."
        case .wrongAddress: nil
        case .noIdentity(let machine), .notAssigned(let machine, _):
            "Assign one with 'roost machine assign \(machine) IDENTITY'."
        case .disabled(_, let identity): "Enable it with 'roost identity enable \(identity)'."
        case .badResource: "Ask for a URL such as https://vault.example.org, or an application's id."
        }
    }
}
