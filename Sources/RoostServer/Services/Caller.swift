public import RoostModel

/// Who asks for something, for rights and for the audit.
public struct Caller: Sendable, Hashable {
    /// Nil is the server itself.
    public var principal: Principal?
    /// How the principal proved itself; nil for the server itself.
    public var signIn: SignIn?
    /// The HTTP request it came with.
    public var requestID: String?

    public init(_ principal: Principal?, signIn: SignIn? = nil, requestID: String? = nil) {
        self.principal = principal
        self.signIn = signIn
        self.requestID = requestID
    }

    /// The server, acting by a rule.
    public static let system = Caller(nil)

    /// The text that audit events carry.
    public var auditName: String { principal?.auditName ?? "system" }

    /// The name shown to people as the one who asked.
    public var displayName: String {
        switch principal {
        case .user(let name, _): name
        case .identity(_, let name, _): name
        case .enroller(let enroller): enroller.name
        case .agent(let id, _): "agent \(id)"
        case .job: "job"
        case nil: "system"
        }
    }
}

extension Caller {
    /// Whether an agent or a job asks, in the course of its work; all others are people and programs, whose changes are audited.
    var isWork: Bool {
        switch principal {
        case .agent, .job: true
        default: false
        }
    }
}
