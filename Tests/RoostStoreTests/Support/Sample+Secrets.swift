import FoundationEssentials
import RoostModel

extension Sample {
    static let vault = VaultID(uuid(70))

    static func secret(
        _ name: String,
        _ digit: Int = 1,
        in vault: VaultID = vault,
        createdAt: Date = date(),
        deletion: SecretDeletion? = nil
    ) -> SecretVersion {
        SecretVersion(
            vault: vault,
            name: name,
            version: String(repeating: String(digit), count: 32),
            contentType: digit == 1 ? nil : "text/plain",
            tags: digit == 1 ? [:] : ["a": "b"],
            enabled: digit != 3,
            notBefore: digit == 1 ? nil : date(5),
            expires: digit == 1 ? nil : date(6),
            createdAt: createdAt,
            updatedAt: createdAt,
            deletion: deletion
        )
    }
}
