import FoundationEssentials
import RoostModel

/// Accepts access tokens of this server's authorization server for its vaults.
struct VaultTokens: AudienceTokens {
    let plane: ControlPlane

    func accept(accessToken text: String, audience: String) -> Result<AudienceAdmission, AudienceRefusal> {
        do throws(AccessTokenRefusal) {
            let claims = try plane.verify(accessToken: text, audience: audience, at: Date())
            do throws(TokenRefusal) {
                let principal = Self.asIdentity(try plane.principal(of: claims))
                return .success(AudienceAdmission(principal: principal, signIn: claims.signIn))
            } catch { return .failure(AudienceRefusal(reason: error.summary)) }
        } catch { return .failure(AudienceRefusal(reason: error.summary)) }
    }

    /// An identity that only registers agents elsewhere is an identity like others to a vault, which has grants of its own.
    private static func asIdentity(_ principal: Principal) -> Principal {
        guard case .enroller(let enroller) = principal, case .identity(let id) = enroller.source else {
            return principal
        }
        return .identity(id, name: enroller.name, scopes: [])
    }
}
