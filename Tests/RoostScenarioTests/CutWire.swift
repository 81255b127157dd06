import NIOCore
import NIOPosix
import Synchronization

/// Passes connections on to a server, and cuts all of them each time so many bytes went over them.
final class CutWire: Sendable {
    private struct State {
        var left: Int
        var cuts = 0
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state: Mutex<State>
    private let everyBytes: Int
    private let listener = Mutex<(any Channel)?>(nil)

    private init(everyBytes: Int) {
        self.everyBytes = everyBytes
        state = Mutex(State(left: everyBytes))
    }

    var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
    var cuts: Int { state.withLock { $0.cuts } }

    /// Listens on a free port.
    static func start(target: Int, everyBytes: Int) async throws -> CutWire {
        let wire = CutWire(everyBytes: everyBytes)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(Copying(to: server, wire))
                        try server.pipeline.syncOperations.addHandler(Copying(to: client, wire))
                        wire.state.withLock { $0.channels[ObjectIdentifier(client)] = client }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        wire.listener.withLock { $0 = listener }
        return wire
    }

    func stop() async throws {
        let channel = listener.withLock { $0 }
        try await channel?.close()
    }

    private func count(_ bytes: Int) {
        let victims: [any Channel] = state.withLock { state in
            state.left -= bytes
            guard state.left <= 0 else { return [] }
            state.left = everyBytes
            state.cuts += 1
            defer { state.channels = [:] }
            return Array(state.channels.values)
        }
        for victim in victims { victim.close(promise: nil) }
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
            partner.writeAndFlush(buffer, promise: nil)
            wire.count(buffer.readableBytes)
        }

        func channelInactive(context: ChannelHandlerContext) { partner.close(promise: nil) }
    }
}
