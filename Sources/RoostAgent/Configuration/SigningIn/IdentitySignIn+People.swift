import RoostClient
import RoostModel
import RoostWire

extension IdentitySignIn {
    /// The client id that agents have at every authority.
    private static let agentClient = "97877f11-0fc6-4aee-b1ff-febb0519dd00"

    /// Shows a code, and waits until somebody has confirmed it somewhere else.
    func person() async throws(ConfigurationFailure) -> Secret {
        try await asking(settings.clientOptions(for: url)) { identities throws(ConfigurationFailure) in
            let authority = try await authority(identities)
            let client = inputs.text("clientid") ?? Self.agentClient
            let code = try await judging { () async throws(IdentityFailure) in
                try await identities.deviceCode(at: authority.deviceEndpoint, client: client, scope: Self.scope)
            }
            console.say(Self.invitation(code))
            return try await wait(for: code, client, authority, identities)
        }
    }

    private static func invitation(_ code: DeviceCodeWire) -> String {
        let own = "Open \(code.verification_uri) on any device and enter the code \(code.user_code)."
        return SignInRefusal.line(code.message.flatMap { $0.isEmpty ? nil : $0 } ?? own)
    }

    private func wait(
        for code: DeviceCodeWire,
        _ client: String,
        _ authority: Authority,
        _ identities: IdentityClient
    ) async throws(ConfigurationFailure) -> Secret {
        let form = [
            (name: "grant_type", value: "urn:ietf:params:oauth:grant-type:device_code"),
            (name: "client_id", value: client), (name: "device_code", value: code.device_code),
        ]
        let end = ContinuousClock.now + (code.expires_in.map { .seconds($0) } ?? DevicePollRule.life)
        var pause = DevicePollRule.pause(interval: code.interval)
        while true {
            guard (try? await Task.sleep(for: pause)) != nil else { throw .inputEnded }
            do throws(IdentityFailure) {
                return try await identities.token(at: authority.tokenEndpoint, form)
            } catch {
                guard let next = Self.pause(after: error, pause), ContinuousClock.now < end else {
                    throw failure(Self.ending(error, authority))
                }
                pause = next
            }
        }
    }

    private static func pause(after error: IdentityFailure, _ pause: Duration) -> Duration? {
        switch error {
        // The code stays good while the authority is away for a moment.
        case .failed(let error): error.isPassing ? pause : nil
        case .refused(let refusal): DevicePollRule.pause(after: refusal.error, pause)
        }
    }

    /// A code nobody confirmed has expired here too when the authority does not say so.
    private static func ending(_ error: IdentityFailure, _ authority: Authority) -> IdentityFailure {
        guard case .refused(let refusal) = error, DevicePollRule.pause(after: refusal.error, .zero) != nil else {
            return error
        }
        let message = "the code is no longer good"
        return .refused(
            IdentityRefusal(url: authority.tokenEndpoint, status: 400, error: "expired_token", message: message)
        )
    }
}
