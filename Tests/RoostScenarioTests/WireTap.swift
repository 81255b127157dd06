import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Passes connections on to a server and keeps what went over them.
final class WireTap: Sendable {
    /// Bytes of each direction, all connections in one.
    struct Record: Sendable {
        var toServer = Data()
        var fromServer = Data()
    }
    private let record = Mutex(Record())
    private let listener = Mutex<(any Channel)?>(nil)

    var bytes: Record { record.withLock { $0 } }
    var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }

    /// Listens on a free port.
    ///
    /// - Parameter target: port of the server on this machine.
    /// - Returns: the tap; stop it.
    /// - Throws: when it cannot listen.
    static func start(target: Int) async throws -> WireTap {
        let tap = WireTap()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { server in
                        let up = Copying(to: server) { bytes in
                            tap.record.withLock { $0.toServer.append(contentsOf: bytes) }
                        }
                        let down = Copying(to: client) { bytes in
                            tap.record.withLock { $0.fromServer.append(contentsOf: bytes) }
                        }
                        try client.pipeline.syncOperations.addHandler(up)
                        try server.pipeline.syncOperations.addHandler(down)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        tap.listener.withLock { $0 = listener }
        return tap
    }

    func stop() async throws {
        let channel = listener.withLock { $0 }
        try await channel?.close()
    }

    private final class Copying: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let partner: any Channel
        private let keep: (ByteBufferView) -> Void

        init(to partner: any Channel, keep: @escaping (ByteBufferView) -> Void) {
            self.partner = partner
            self.keep = keep
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            keep(buffer.readableBytesView)
            partner.writeAndFlush(buffer, promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { partner.close(promise: nil) }
    }
}
