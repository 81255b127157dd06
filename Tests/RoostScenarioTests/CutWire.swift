import NIOCore
import NIOPosix
import Synchronization

/// Passes connections on to a server; cuts all of them each time so many bytes went over them, or lets nothing more through from a moment on.
final class CutWire: Sendable {
    private struct State {
        var left: Int
        var cuts = 0
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Bytes that still go through before nothing does; nil is no limit.
        var untilStall: Int?
        var isStalled = false
    }

    private let state: Mutex<State>
    private let everyBytes: Int
    private let listener = Mutex<(any Channel)?>(nil)
    /// One for each stall.
    let stalls: AsyncStream<Void>
    private let stalled: AsyncStream<Void>.Continuation

    private init(everyBytes: Int) {
        self.everyBytes = everyBytes
        state = Mutex(State(left: everyBytes))
        (stalls, stalled) = AsyncStream.makeStream()
    }

    var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
    var cuts: Int { state.withLock { $0.cuts } }

    /// Listens on a free port.
    ///
    /// - Parameters:
    ///   - target: port of the server on this machine.
    ///   - port: to listen on; 0 is any free one.
    ///   - bytes: all connections are cut each time so many went over them.
    /// - Returns: the wire; stop it.
    /// - Throws: when it cannot listen.
    static func start(target: Int, port: Int = 0, everyBytes bytes: Int = .max) async throws -> CutWire {
        let wire = CutWire(everyBytes: bytes)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(Copying(to: server, wire))
                        try server.pipeline.syncOperations.addHandler(Copying(to: client, wire))
                        wire.state.withLock { $0.channels[ObjectIdentifier(client)] = client }
                    }
            }
            .bind(host: "127.0.0.1", port: port).get()
        wire.listener.withLock { $0 = listener }
        return wire
    }

    func stop() async throws {
        let channel = listener.withLock { $0 }
        try await channel?.close()
        cutAll()
    }

    /// Lets so many more bytes through, and then nothing until ``goOn()``.
    func stall(after bytes: Int) { state.withLock { $0.untilStall = bytes } }

    /// Ends a stall; what hung in it is cut.
    func goOn() {
        state.withLock { ($0.isStalled, $0.untilStall) = (false, nil) }
        cutAll()
    }

    private func cutAll() {
        let victims = state.withLock { state in
            defer { state.channels = [:] }
            return Array(state.channels.values)
        }
        for victim in victims { victim.close(promise: nil) }
    }

    /// Whether bytes go through.
    private func passes(_ bytes: Int) -> Bool {
        let (passes, isNew) = state.withLock { state in
            if state.isStalled { return (false, false) }
            guard let left = state.untilStall else { return (true, false) }
            state.untilStall = left - bytes
            state.isStalled = left < bytes
            return (!state.isStalled, state.isStalled)
        }
        if isNew { stalled.yield() }
        return passes
    }

    private func count(_ bytes: Int) {
        let isCut = state.withLock { state in
            state.left -= bytes
            guard state.left <= 0 else { return false }
            state.left = everyBytes
            state.cuts += 1
            return true
        }
        if isCut { cutAll() }
    }

    private final class Copying: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let partner: any Channel
        private let wire: CutWire

        init(to partner: any Channel, _ wire: CutWire) {
            self.partner = partner
            self.wire = wire
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            guard wire.passes(buffer.readableBytes) else { return }
            partner.writeAndFlush(buffer, promise: nil)
            wire.count(buffer.readableBytes)
        }

        func channelInactive(context: ChannelHandlerContext) { partner.close(promise: nil) }
    }
}
