import FoundationEssentials
import RoostModel
import RoostWire

/// What dies soon.
func addCredentialWarningRoutes(to table: RouteTable) {
    table.get("roost/warnings", access: .scope(.tokensManage)) { call in
        let own = ServerCertificate.expiring(call.services.configuration.tlsCertificate).map { [$0] } ?? []
        let warnings = call.plane.credentialWarnings(at: Date(), beside: own)
        return try call.list(warnings.map { CredentialWarningWire($0) })
    }
}

extension CredentialWarningWire {
    fileprivate init(_ warning: CredentialWarning) {
        self.init(
            kind: warning.credential.kind.rawValue,
            name: warning.credential.name,
            owner: warning.credential.owner,
            expiresAt: warning.credential.ends,
            expired: warning.isExpired
        )
    }
}
