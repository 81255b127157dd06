import FoundationEssentials
import RoostModel

/// A person who approves a sign-in.
struct Approval: Hashable, Sendable {
    var user: String
    /// The personal access token that the person's session began with.
    var token: UUID
    /// What the session may do, and so the program.
    var scopes: Set<TokenScope> = []
}

/// A sign-in by a code that is shown on one machine and entered on another (RFC 8628).
struct DeviceSignIn: Hashable, Sendable {
    /// How far it is: from `waiting` a person decides; an approval is taken once.
    enum State: Hashable, Sendable {
        case waiting
        case approved(Approval)
        case declined
        case used
    }

    /// What a poll comes to.
    enum Poll: Hashable, Sendable {
        case pending, slowDown, expired, declined, used
        case approved(Approval)
    }

    var userCode: String
    var client: SignInClient
    var scope: RequestedScope
    /// Where it was begun.
    var address: String
    var state = State.waiting
    var expiresAt: Date
    /// Seconds between polls; each that comes too soon makes it longer.
    var interval: TimeInterval = 5
    var lastPoll: Date?

    /// A person has so long to enter the code.
    static let life: TimeInterval = 900
    /// Clocks of clients may tick a little faster.
    private static let patience: TimeInterval = 0.5

    /// The client asks whether the person has decided.
    mutating func poll(at now: Date) -> Poll {
        if expiresAt <= now { return .expired }
        defer { lastPoll = now }
        switch state {
        case .used: return .used
        case .declined: return .declined
        case .approved(let approval):
            state = .used
            return .approved(approval)
        case .waiting:
            guard let lastPoll, now.timeIntervalSince(lastPoll) < interval - Self.patience else { return .pending }
            interval += 5
            return .slowDown
        }
    }

    /// A person decides; false when it is too late or was done before.
    mutating func decide(_ approval: Approval?, at now: Date) -> Bool {
        guard state == .waiting, expiresAt > now else { return false }
        state = approval.map { .approved($0) } ?? .declined
        return true
    }

    /// Eight letters that form no word, in two groups.
    static func makeUserCode() -> String {
        let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
        var generator = SystemRandomNumberGenerator()
        let code = (0..<8).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
        return "\(String(code[..<4]))-\(String(code[4...]))"
    }

    /// A code as a person may write it: small letters, other or no signs between.
    static func normalized(_ text: String) -> String {
        let letters = text.uppercased().filter { $0.isASCII && $0.isLetter }
        return letters.count == 8 ? "\(letters.prefix(4))-\(letters.suffix(4))" : ""
    }
}
