import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire
import Synchronization

/// The session of a listener: opened with its capabilities, polled for messages.
final class ListenerSession: Sendable {
    private struct State {
        var id: UUID?
        var key: Data?
        /// The last message that was given.
        var last: Int?
    }

    private let client: RoostClient
    private let settings: AgentSettings
    private let key: AgentKey
    private let state = Mutex(State())

    init(client: RoostClient, settings: AgentSettings, key: AgentKey) {
        self.client = client
        self.settings = settings
        self.key = key
    }

    /// Opens a session, in the place of an old one.
    func open(capabilities: Capabilities) async throws(ClientError) {
        let wanted = TaskAgentSessionWire(
            sessionId: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
            ownerName: MachineFacts.hostName,
            agent: TaskAgentReferenceWire(
                id: settings.agentId,
                name: settings.agentName,
                version: AgentVersion.level,
                osDescription: OperatingSystem.current.description
            ),
            systemCapabilities: settings.skipCapabilitiesScan == true ? [:] : capabilities.dictionary,
            useFipsEncryption: true
        )
        let session = try await client.createSession(pool: settings.poolId, wanted)
        let sessionKey = try unwrap(session.encryptionKey)
        state.withLock { $0 = State(id: session.sessionId, key: sessionKey) }
    }

    private func unwrap(_ wire: TaskAgentSessionKeyWire?) throws(ClientError) -> Data? {
        guard let value = wire?.value, !value.isEmpty else { return nil }
        guard wire?.encrypted == true else { return value }
        do { return try MessageCrypto.unwrap(value, with: key) } catch {
            throw .unauthorized(
                url: settings.serverUrl,
                reason: "The server wrapped the session's key to another key than this agent's."
            )
        }
    }

    /// What came of a poll.
    enum Poll: Sendable {
        case message(TaskAgentMessageWire)
        /// There was none in the time the server holds a poll.
        case nothing
        /// The session was closed from this side.
        case noSession
    }

    /// Waits for the next message.
    func next() async throws(ClientError) -> Poll {
        let (id, last) = state.withLock { ($0.id, $0.last) }
        guard let id else { return .noSession }
        guard let message = try await client.nextMessage(pool: settings.poolId, session: id, after: last) else {
            return .nothing
        }
        if let number = message.messageId { state.withLock { if $0.id == id { $0.last = number } } }
        return .message(message)
    }

    /// The text of a message; one without `iv` is not encrypted.
    func body(of message: TaskAgentMessageWire) throws -> [UInt8] {
        guard let body = message.body else { return [] }
        guard let iv = message.iv, let key = state.withLock({ $0.key }) else { return Array(body.utf8) }
        guard let sealed = Data(base64Encoded: body) else { throw MessageFault.noBase64 }
        let bytes = Array(try MessageCrypto.decrypt(sealed, iv: iv, key: key))
        // .NET writes a byte order mark.
        return bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// Tells the server that a message was taken; it is given again when this does not arrive.
    func acknowledge(_ message: Int) async {
        guard let id = state.withLock({ $0.id }) else { return }
        try? await client.deleteMessage(pool: settings.poolId, session: id, id: message)
    }

    /// Ends the session; what was not acknowledged goes back to the queue.
    func close() async {
        let id = state.withLock { state in
            defer { state = State() }
            return state.id
        }
        guard let id else { return }
        try? await client.deleteSession(pool: settings.poolId, id: id)
    }
}

/// Why a message cannot be read.
enum MessageFault: Error, Hashable { case noBase64 }
