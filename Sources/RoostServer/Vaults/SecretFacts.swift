import FoundationEssentials
import RoostModel
import RoostWire

/// What a client says of a version beside its value; what is nil stays as it is.
struct SecretFacts: Hashable, Sendable {
    var contentType: String?
    var tags: [String: String]?
    var enabled: Bool?
    var notBefore: Date?
    var expires: Date?

    init() {}

    init(_ wire: SecretWire) {
        contentType = wire.contentType
        tags = wire.tags
        enabled = wire.attributes?.enabled
        notBefore = wire.attributes?.nbf.map { Date(timeIntervalSince1970: Double($0)) }
        expires = wire.attributes?.exp.map { Date(timeIntervalSince1970: Double($0)) }
    }

    /// Most bytes of a value, as Azure Key Vault has it.
    static let valueLimit = 25 << 10

    static func check(value: Secret) throws(VaultError) {
        guard value.exposed.utf8.count <= valueLimit else {
            throw .badParameter("the value is longer than \(valueLimit) bytes", at: "value")
        }
    }

    func check() throws(VaultError) {
        if let contentType, contentType.utf8.count > 255 {
            throw .badParameter("the content type is longer than 255 bytes", at: "contentType")
        }
        guard let tags else { return }
        guard tags.count <= 15 else { throw .badParameter("there are more than 15 tags", at: "tags") }
        guard !tags.contains(where: { $0.key.utf8.count > 512 || $0.value.utf8.count > 256 }) else {
            throw .badParameter("a tag's name is longer than 512 bytes or its value than 256", at: "tags")
        }
    }

    func apply(to version: inout SecretVersion) {
        version.contentType = contentType ?? version.contentType
        version.tags = tags ?? version.tags
        version.enabled = enabled ?? version.enabled
        version.notBefore = notBefore ?? version.notBefore
        version.expires = expires ?? version.expires
    }

    /// 32 hexadecimal digits.
    static func makeVersion() -> String {
        UUID().uuidString.lowercased().filter { $0 != "-" }
    }
}
