import CryptoExtras
import FoundationEssentials
import Logging
import RoostModel
import RoostStore
import Synchronization

/// Private keys that were opened, so that each is unsealed once.
final class OpenedKeys: Sendable {
    private let keys = Mutex<[String: _RSA.Signing.PrivateKey]>([:])
    /// Signing keys are few at a time.
    private static let capacity = 8

    func key(_ stored: SigningKey, _ sealer: any SecretSealer) throws -> _RSA.Signing.PrivateKey {
        if let known = keys.withLock({ $0[stored.id] }) { return known }
        let opened = try stored.privateKey(sealer)
        keys.withLock { keys in
            if keys.count >= Self.capacity { keys.removeAll() }
            keys[stored.id] = opened
        }
        return opened
    }
}

extension ControlPlane {
    var signingKeyPolicy: SigningKeyPolicy {
        SigningKeyPolicy(life: settings.signingKeyLife.seconds)
    }

    /// The keys whose tokens are accepted, newest first; makes what is missing and drops what is over.
    func publishedKeys() async throws -> [SigningKey] {
        let plan = try await tendSigningKeys()
        return read { state in plan.published.compactMap { state.signingKeys[$0] } }
    }

    /// Makes a key that signs after it has been published for a while, or at once when the present one may be known to others.
    func rotateSigningKey(atOnce: Bool, by caller: Caller) async throws -> [SigningKey] {
        let now = Date()
        _ = try await tendSigningKeys()
        let made = try await makeKey(keyMaker.fresh(), signsFrom: atOnce ? now : now + signingKeyPolicy.ahead, at: now)
        let others = read { Array($0.signingKeys.values) }
        try await change { state, change throws(ControlError) in
            // What was to follow is overtaken; what signed is no longer accepted when it may be known to others.
            for key in others where atOnce || key.signsFrom > now { state.drop(key, &change) }
            try state.put(made, &change)
            change.audit(caller, "signing-key.rotate", made.settingName, atOnce ? "at once" : "")
        }
        return try await publishedKeys()
    }

    /// A token that says these claims.
    func sign(_ claims: some Encodable & Sendable) async throws -> Secret {
        var plan = planSigningKeys(signingKeyTimes, signingKeyPolicy, at: Date())
        if plan.signer == nil || plan.make != nil || !plan.dropped.isEmpty { plan = try await tendSigningKeys() }
        guard let key = plan.signer.flatMap({ id in read { $0.signingKeys[id] } }) else {
            throw SigningKey.KeyUnreadable()
        }
        return try SignedToken.make(claims, key: openedKeys.key(key, sealer), id: key.id)
    }

    private var signingKeyTimes: [SigningKeyTimes] {
        read { $0.signingKeys.values.map { SigningKeyTimes(id: $0.id, signsFrom: $0.signsFrom) } }
    }

    /// Lets the plan come true.
    private func tendSigningKeys() async throws -> SigningKeyPlan {
        let now = Date()
        let plan = planSigningKeys(signingKeyTimes, signingKeyPolicy, at: now)
        guard plan.make != nil || !plan.dropped.isEmpty else { return plan }
        var made: SigningKey?
        if let moment = plan.make { made = try await makeKey(keyMaker.next(), signsFrom: moment, at: now) }
        defer { if made != nil { keyMaker.used() } }
        let ready = made
        try await change { state, change throws(ControlError) in
            // Somebody else may have been quicker.
            let times = state.signingKeys.values.map { SigningKeyTimes(id: $0.id, signsFrom: $0.signsFrom) }
            let plan = planSigningKeys(times, SigningKeyPolicy(life: settings.signingKeyLife.seconds), at: now)
            for key in plan.dropped.compactMap({ state.signingKeys[$0] }) { state.drop(key, &change) }
            if let made = ready, plan.make != nil {
                try state.put(made, &change)
                change.audit(.system, "signing-key.create", made.settingName)
            }
        }
        return planSigningKeys(signingKeyTimes, signingKeyPolicy, at: now)
    }

    /// Begins to make a key when there is none that signs, so that the first who needs a token need not wait for it.
    func prepareSigningKey() {
        if planSigningKeys(signingKeyTimes, signingKeyPolicy, at: Date()).make != nil { keyMaker.begin() }
    }

    private func makeKey(_ der: Data, signsFrom: Date, at now: Date) throws -> SigningKey {
        try SigningKey.make(der, signsFrom: signsFrom, at: now, sealer: sealer)
    }
}

extension ControlState {
    fileprivate mutating func put(_ key: SigningKey, _ change: inout ControlChange) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(key) else {
            throw .invalid(what: "The signing key", problem: "it cannot be stored", advice: nil)
        }
        signingKeys[key.id] = key
        change.store.append(.putSetting(name: key.settingName, value: value))
    }

    fileprivate mutating func drop(_ key: SigningKey, _ change: inout ControlChange) {
        signingKeys[key.id] = nil
        change.store.append(.deleteSetting(name: key.settingName))
    }
}
