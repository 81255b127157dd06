import Foundation
import RoostWire

/// An identity as a person sees it.
enum IdentityFacts {
    static func render(_ identity: DirectoryIdentityWire, _ terminal: Terminal) -> String {
        var facts = Facts()
        facts.add("Name", identity.name)
        facts.add("Kind", identity.kind)
        facts.add("Client id", identity.clientId?.uuidString.lowercased())
        facts.add("Tenant id", identity.tenantId?.uuidString.lowercased())
        facts.add("Object id", identity.id?.uuidString.lowercased())
        facts.add("State", identity.isEnabled == false ? terminal.styled("disabled", .red) : "enabled")
        facts.add("Rights", rights(identity))
        facts.add("Redirects", identity.redirects?.joined(separator: " "))
        for secret in identity.secrets ?? [] {
            facts.add(
                "Secret",
                "\(id(secret.id))  …\(secret.hint ?? "")  \(end(secret.expiresAt, terminal))  \(secret.name ?? "")"
            )
        }
        for certificate in identity.certificates ?? [] {
            facts.add(
                "Certificate",
                "\(id(certificate.id))  \(certificate.sha256 ?? "")  \(end(certificate.expiresAt, terminal))  \(certificate.name ?? "")"
            )
        }
        for credential in identity.federated ?? [] {
            facts.add(
                "Federated",
                "\(id(credential.id))  \(credential.issuer ?? "")  \(credential.subject ?? "")  \(credential.audience ?? "")"
            )
        }
        return facts.render(terminal)
    }

    static func rights(_ identity: DirectoryIdentityWire) -> String {
        let pools = (identity.pools ?? []).map { "pool \($0)" }
        return ((identity.scopes ?? []) + pools).joined(separator: " ")
    }

    static func id(_ id: UUID?) -> String { id?.uuidString.lowercased() ?? "-" }

    private static func end(_ date: Date?, _ terminal: Terminal) -> String {
        guard let date else { return "" }
        return date <= Date()
            ? terminal.styled("expired \(TimeText.day(date))", .red) : "until \(TimeText.day(date))"
    }
}
