import FoundationEssentials
import Synchronization

/// Turns the bytes of a client into messages, answers what is none, and knows which requests were taken back.
public final class MessageStream: Sendable {
    /// What the loop of the server takes up next.
    public enum Event: Sendable {
        case message(RPCMessage)
        /// The client is gone.
        case end
    }

    private struct State {
        var scanner = FrameScanner()
        var canceled: Set<RequestID> = []
        var open: Set<RequestID> = []
    }

    private let state = Mutex(State())
    private let send: @Sendable (RPCReply) -> Void
    private let note: @Sendable (String) -> Void

    /// Answers go to the client, sentences about what cannot be read also to whoever reads the server's log.
    public init(
        send: @escaping @Sendable (RPCReply) -> Void,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.send = send
        self.note = note
    }

    /// Messages that are whole once more bytes have come; what is no message is answered here.
    ///
    /// `$/cancelRequest` counts at once, before what waits in the queue is handled.
    public func read(_ bytes: some Sequence<UInt8>) -> [RPCMessage] {
        let pieces = state.withLock { $0.scanner.add(bytes) }
        return pieces.compactMap { piece in
            switch piece {
            case .fault(let sentence):
                note(sentence)
                send(.error(id: nil, .parse(sentence)))
                return nil
            case .content(let content): return message(content)
            }
        }
    }

    /// What is missing when no more bytes will come; nil when the last message was whole.
    var remainder: String? { state.withLock { $0.scanner.remainder } }

    private func message(_ content: [UInt8]) -> RPCMessage? {
        let message: RPCMessage
        do throws(RPCMessage.Fault) {
            message = try RPCMessage(content)
        } catch {
            send(.error(id: error.id, error.error))
            return nil
        }
        switch message {
        case .notification("$/cancelRequest", let parameters):
            if let id = parameters["id"].flatMap(RequestID.init) {
                // Of a request that was answered already nothing is kept.
                state.withLock { state in if state.open.contains(id) { state.canceled.insert(id) } }
            }
            return nil
        case .request(let id, _, _): state.withLock { _ = $0.open.insert(id) }
        case .notification, .response: break
        }
        return message
    }

    /// Whether a request that is next in the queue was taken back; it is forgotten.
    public func takeCancellation(of message: RPCMessage) -> RequestID? {
        guard case .request(let id, _, _) = message else { return nil }
        return state.withLock { state in
            state.open.remove(id)
            return state.canceled.remove(id)
        }
    }
}
