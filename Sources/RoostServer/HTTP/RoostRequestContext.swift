public import Hummingbird
import Logging
import NIOCore
public import RoostModel

/// What is known of a request beside the request itself.
public struct RoostRequestContext: RequestContext {
    /// What Hummingbird keeps of a request.
    public var coreContext: CoreRequestContextStorage
    /// The peer's address, without its port.
    public let clientAddress: String
    /// Names the request in answers, log lines and audit events.
    public internal(set) var requestID: String
    /// Who makes it, once that is known; nil without a credential.
    public internal(set) var principal: Principal?
    /// How it proved itself; nil without a credential.
    public internal(set) var signIn: SignIn?

    /// The connection it came over.
    let channel: any Channel

    /// Begins with what the connection knows.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        clientAddress = source.channel.remoteAddress?.ipAddress ?? ""
        channel = source.channel
        requestID = ""
    }
}
