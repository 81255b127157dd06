import FoundationEssentials
import RoostModel

extension ControlPlane {
    /// Credentials that die soon or died lately.
    func credentialWarnings(at now: Date, beside others: [ExpiringCredential] = []) -> [CredentialWarning] {
        planCredentialWarnings(others + read { $0.expiringCredentials }, at: now)
    }
}

extension ControlState {
    /// What would stop to work if nobody did anything; what was revoked or used up is not among them.
    fileprivate var expiringCredentials: [ExpiringCredential] {
        expiringTokens + expiringEnrollmentTokens + expiringKeys + expiringProofs
            + expiringConnections
    }

    private var expiringTokens: [ExpiringCredential] {
        tokens.values.filter { $0.revokedAt == nil }.map {
            ExpiringCredential(
                kind: .personalToken,
                name: $0.name,
                owner: $0.user,
                begins: $0.createdAt,
                ends: $0.expiresAt
            )
        }
    }

    private var expiringEnrollmentTokens: [ExpiringCredential] {
        enrollmentTokens.values.filter { $0.revokedAt == nil && $0.used < $0.uses }.map {
            ExpiringCredential(
                kind: .enrollmentToken,
                name: $0.name,
                owner: $0.createdBy,
                begins: $0.createdAt,
                ends: $0.expiresAt
            )
        }
    }

    private var expiringKeys: [ExpiringCredential] {
        trustRules.values.filter { $0.isEnabled && $0.pinnedKeys != nil }.compactMap { rule in
            rule.pinnedUntil.map {
                ExpiringCredential(kind: .pinnedKeys, name: rule.name, owner: rule.createdBy, begins: nil, ends: $0)
            }
        }
    }

    /// Certificates of service connections.
    private var expiringConnections: [ExpiringCredential] {
        taskConnections.values.compactMap { connection in
            connection.certificateEnds.map {
                ExpiringCredential(
                    kind: .connectionCertificate,
                    name: connection.name,
                    owner: connection.createdBy,
                    begins: nil,
                    ends: $0
                )
            }
        }
    }

    /// Secrets and certificates of identities that are enabled.
    private var expiringProofs: [ExpiringCredential] {
        identities.values.filter(\.isEnabled).flatMap { identity in
            identity.secrets.map {
                ExpiringCredential(
                    kind: .identitySecret,
                    name: $0.name,
                    owner: identity.name,
                    begins: $0.createdAt,
                    ends: $0.expiresAt
                )
            }
                + identity.certificates.map {
                    ExpiringCredential(
                        kind: .identityCertificate,
                        name: $0.name,
                        owner: identity.name,
                        begins: $0.createdAt,
                        ends: $0.expiresAt
                    )
                }
        }
    }
}
