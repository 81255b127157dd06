import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import Synchronization

/// HTTP connections that may be dropped before anybody handles them.
///
/// A server that stops drops connections that were just accepted; the library's own would then end the process, because nobody closed them.
struct KeptChannel: ServerChildChannel, HTTPChannelHandler {
    private let base: HTTP1Channel

    init(_ base: HTTP1Channel) { self.base = base }

    var responder: HTTPChannelHandler.Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<KeptConnection> {
        base.setup(channel: channel, logger: logger).map { KeptConnection($0) }
    }

    func handle(value: KeptConnection, logger: Logger) async {
        await base.handle(value: value.take(), logger: logger)
    }
}

/// One connection; closed when nobody has taken it.
final class KeptConnection: ServerChildChannelValue {
    private let base: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    init(_ channel: HTTP1Channel.Value) { base = channel }

    var channel: any Channel { base.channel }

    func take() -> HTTP1Channel.Value {
        isTaken.store(true, ordering: .relaxed)
        return base
    }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        Task { [base] in try? await base.executeThenClose { _, _ in } }
    }
}
