import FoundationEssentials
import RoostModel
import Synchronization

/// Sign-ins that are under way: they live for minutes and in memory only; after a restart a person begins again.
final class PendingSignIns: Sendable {
    fileprivate struct State {
        /// By the hash of the device's code.
        var devices: [String: DeviceSignIn] = [:]
        var deviceOfUserCode: [String: String] = [:]
        /// By the hash of the code.
        var codes: [String: CodeSignIn] = [:]
    }
    private let state = Mutex(State())
    /// Of each kind; more are refused until some have expired.
    private static let capacity = 10_000
    /// Sign-ins that one address may begin and leave open, so that nobody takes all the room.
    private static let perAddress = 200

    /// Begins one on a device.
    ///
    /// - Returns: the device's code; nil when too many are under way.
    func begin(
        _ client: SignInClient,
        _ scope: RequestedScope,
        from address: String,
        at now: Date
    ) -> (
        code: Secret, device: DeviceSignIn
    )? {
        let code = PersonalToken.make()
        return state.withLock { state in
            state.sweep(at: now, above: Self.capacity)
            let own = state.devices.values.count { $0.address == address && $0.expiresAt > now }
            guard state.devices.count < Self.capacity, own < Self.perAddress else { return nil }
            var userCode = DeviceSignIn.makeUserCode()
            while state.deviceOfUserCode[userCode] != nil { userCode = DeviceSignIn.makeUserCode() }
            let device = DeviceSignIn(
                userCode: userCode,
                client: client,
                scope: scope,
                address: address,
                expiresAt: now + DeviceSignIn.life
            )
            let hash = PersonalToken.hash(code.exposed)
            state.devices[hash] = device
            state.deviceOfUserCode[userCode] = hash
            return (code, device)
        }
    }

    /// The device asks; nil when its code is not known, or another client's.
    func poll(_ code: String, client: UUID, at now: Date) -> (poll: DeviceSignIn.Poll, device: DeviceSignIn)? {
        let hash = PersonalToken.hash(code)
        return state.withLock { state in
            guard var device = state.devices[hash], device.client.id == client else { return nil }
            let poll = device.poll(at: now)
            state.devices[hash] = device
            return (poll, device)
        }
    }

    /// What a person is asked to approve; nil when the code is wrong, has expired or was decided.
    func device(userCode: String, at now: Date) -> DeviceSignIn? {
        state.withLock { state in
            let device = state.deviceOfUserCode[DeviceSignIn.normalized(userCode)].flatMap { state.devices[$0] }
            return device.flatMap { $0.state == .waiting && $0.expiresAt > now ? $0 : nil }
        }
    }

    /// A person approves or, with nil, declines.
    func decide(userCode: String, _ approval: Approval?, at now: Date) -> DeviceSignIn? {
        state.withLock { state in
            guard let hash = state.deviceOfUserCode[DeviceSignIn.normalized(userCode)],
                var device = state.devices[hash], device.decide(approval, at: now)
            else { return nil }
            state.devices[hash] = device
            return device
        }
    }

    /// Makes a code for a browser; nil when too many are under way.
    func makeCode(_ signIn: CodeSignIn, at now: Date) -> Secret? {
        let code = PersonalToken.make()
        return state.withLock { state in
            state.sweep(at: now, above: Self.capacity)
            guard state.codes.count < Self.capacity else { return nil }
            state.codes[PersonalToken.hash(code.exposed)] = signIn
            return code
        }
    }

    /// Takes a code once, for a new family of tokens; afterwards the answer has the family that it gave before.
    func redeem(_ code: String, family: UUID, at now: Date) -> CodeSignIn? {
        let hash = PersonalToken.hash(code)
        return state.withLock { state in
            guard let known = state.codes[hash], known.expiresAt > now else { return nil }
            if known.family == nil { state.codes[hash]?.family = family }
            return known
        }
    }
}

extension PendingSignIns.State {
    /// Forgets what has expired, when there is much of it.
    fileprivate mutating func sweep(at now: Date, above capacity: Int) {
        if devices.count >= capacity {
            devices = devices.filter { $0.value.expiresAt > now }
            deviceOfUserCode = deviceOfUserCode.filter { devices[$0.value] != nil }
        }
        if codes.count >= capacity { codes = codes.filter { $0.value.expiresAt > now } }
    }
}
