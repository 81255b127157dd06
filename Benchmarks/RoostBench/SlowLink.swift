import NIOCore
import NIOPosix
import Synchronization

/// A line to a server of this machine that has a latency and a width, as one to a data centre far away.
///
/// Connections share the width. It is done here, because not every kernel can delay packets.
final class SlowLink: Sendable {
    /// One direction of the line.
    final class Lane: Sendable {
        private let state = Mutex((freeAt: NIODeadline.now(), bytes: 0))
        /// Bytes a second.
        private let width: Double
        private let latency: TimeAmount

        init(width: Double, latency: TimeAmount) {
            self.width = width
            self.latency = latency
        }

        /// When so many bytes have come to the other end.
        func arrival(of count: Int) -> NIODeadline {
            state.withLock { state in
                let duration = TimeAmount.nanoseconds(Int64(Double(count) / width * 1e9))
                state.freeAt = max(state.freeAt, .now()) + duration
                state.bytes += count
                return state.freeAt + latency
            }
        }

        var bytes: Int { state.withLock { $0.bytes } }
    }

    let up: Lane
    let down: Lane
    private let listener = Mutex<(any Channel)?>(nil)

    var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
    /// What went over it in both directions.
    var bytes: Int { up.bytes + down.bytes }

    private init(megabits: Double, roundTrip: TimeAmount) {
        let latency = TimeAmount.nanoseconds(roundTrip.nanoseconds / 2)
        up = Lane(width: megabits * 125_000, latency: latency)
        down = Lane(width: megabits * 125_000, latency: latency)
    }

    /// Runs a body with a line to a port.
    static func with<Value: Sendable>(
        megabits: Double,
        roundTrip: TimeAmount,
        to port: Int,
        _ body: (SlowLink) async throws -> Value
    ) async throws -> Value {
        let link = SlowLink(megabits: megabits, roundTrip: roundTrip)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(Delay(link.up, to: server))
                        try server.pipeline.syncOperations.addHandler(Delay(link.down, to: client))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        link.listener.withLock { $0 = listener }
        let result: Result<Value, any Error>
        do { result = .success(try await body(link)) } catch { result = .failure(error) }
        try await listener.close()
        return try result.get()
    }

    /// Holds what comes until it would have come over the line.
    private final class Delay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let lane: Lane
        private let partner: any Channel
        private var held = 0
        /// What a line of this kind holds at most before the sender has to wait.
        private static let window = 1 << 20

        init(_ lane: Lane, to partner: any Channel) {
            self.lane = lane
            self.partner = partner
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            let count = buffer.readableBytes
            held += count
            if held > Self.window { context.channel.setOption(.autoRead, value: false).whenFailure { _ in } }
            let channel = context.channel
            // Both ends are on one loop, so that the handler is only touched there.
            let own = NIOLoopBound(self, eventLoop: context.eventLoop)
            let partner = partner
            context.eventLoop.assumeIsolated().scheduleTask(deadline: lane.arrival(of: count)) {
                partner.writeAndFlush(buffer, promise: nil)
                let handler = own.value
                handler.held -= count
                if handler.held <= Self.window { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            let partner = partner
            context.eventLoop.scheduleTask(deadline: lane.arrival(of: 0)) { partner.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
