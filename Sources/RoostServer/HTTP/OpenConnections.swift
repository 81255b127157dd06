import NIOCore
import Synchronization

/// Tells a long poll at once that its client has gone, so that a killed agent does not look online until the poll would have ended.
///
/// A connection answers one request at a time, so it has at most one action; there is one entry for each connection that ever polled
/// or whose client hung up, until it is closed.
final class OpenConnections: Sendable {
    private enum Entry: Sendable {
        case idle
        case waiting(@Sendable () -> Void)
        case ended
    }
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    /// Runs an action when the client ends its connection; at once when it has.
    ///
    /// - Parameters:
    ///   - channel: the connection of a request that has been read to its end.
    ///   - action: replaces an earlier one of the same connection.
    func whenEnded(_ channel: any Channel, _ action: @escaping @Sendable () -> Void) {
        let id = ObjectIdentifier(channel)
        let hasEnded = entries.withLock { entries in
            if case .ended = entries[id] { return true }
            entries[id] = .waiting(action)
            return false
        }
        if hasEnded || !channel.isActive { action() }
    }

    /// Forgets the action of a connection whose poll is over.
    func forget(_ channel: any Channel) {
        entries.withLock { entries in
            guard case .waiting = entries[ObjectIdentifier(channel)] else { return }
            // A closed channel tells nobody any more, so nothing would remove its entry.
            entries[ObjectIdentifier(channel)] = channel.isActive ? .idle : nil
        }
    }

    fileprivate func ended(_ channel: any Channel, isClosed: Bool) {
        let id = ObjectIdentifier(channel)
        let last = entries.withLock { $0.updateValue(.ended, forKey: id) }
        if isClosed { entries.withLock { $0[id] = nil } }
        if case .waiting(let action) = last { action() }
    }

    /// Stands in the pipeline of each connection.
    final class Handler: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = Any

        private let connections: OpenConnections

        init(connections: OpenConnections) { self.connections = connections }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .inputClosed = event as? ChannelEvent { connections.ended(context.channel, isClosed: false) }
            context.fireUserInboundEventTriggered(event)
        }

        func channelInactive(context: ChannelHandlerContext) {
            connections.ended(context.channel, isClosed: true)
            context.fireChannelInactive()
        }
    }
}
