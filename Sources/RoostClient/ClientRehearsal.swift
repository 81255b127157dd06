import CRoostLinux
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import RoostModel
import Synchronization

/// Takes a client through its calls against a server of the same thread, so that all of it is loaded and looked up before it is needed.
///
/// The first use of each type and each call costs a process several milliseconds in all. A process that copies itself (fork) can have that
/// behind it, but only while it has a single thread: so client, server and tasks share the calling thread here.
public enum ClientRehearsal {
    /// A rehearsal that has not ended by then is given up.
    private static let patience = TimeAmount.seconds(3)
    /// Kept for ever, because a client that is not closed must not be released, and closing one takes a second thread.
    private static let player = Mutex<RoostClient?>(nil)

    /// Where diverted tasks run.
    private static let stage = Mutex<Stage?>(nil)

    /// Plays, and then goes on with something else on the calling thread.
    ///
    /// - Parameters:
    ///   - play: uses the client; each call gets the answer `{"id":1,"count":0,"value":[]}`. Must not sleep.
    ///   - then: called once on the same thread after the play, also when there was none; never returns.
    public static func onThisThread(
        _ play: @escaping @Sendable (RoostClient) async -> Void,
        then: @escaping @Sendable () -> Never
    ) -> Never {
        let leave: @Sendable () -> Never = {
            roost_divert_tasks(nil)
            then()
        }
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            stage.withLock { $0 = Stage(loop: loop) }
            roost_divert_tasks { job in
                guard let job, let stage = ClientRehearsal.stage.withLock({ $0 }) else { return }
                stage.run(unsafeBitCast(job, to: UnownedJob.self))
            }
            loop.scheduleTask(in: patience) { leave() }
            answering(on: loop).whenComplete { result in
                guard case .success(let server) = result, let client = client(of: server, loop) else { leave() }
                player.withLock { $0 = client }
                Task.detached {
                    await play(client)
                    loop.execute { leave() }
                }
            }
        }
        leave()
    }

    private static func answering(on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(OneAnswer())
                }
            }
            .bind(host: "127.0.0.1", port: 0)
    }

    private static func client(of server: any Channel, _ loop: any EventLoop) -> RoostClient? {
        guard let port = server.localAddress?.port else { return nil }
        return try? RoostClient(
            url: "http://127.0.0.1:\(port)/",
            credential: .bearer(Secret("rehearsal")),
            options: ClientOptions(userAgent: "rehearsal", timeout: .seconds(2), retries: 0, loop: loop)
        )
    }
}

/// Runs tasks on an event loop's thread.
private final class Stage: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) { run(UnownedJob(job)) }

    func run(_ job: UnownedJob) {
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Gives every request the same answer.
private final class OneAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let body = #"{"id":1,"count":0,"value":[]}"#

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let headers = HTTPHeaders([
            ("Content-Type", "application/json; charset=utf-8"), ("Content-Length", String(Self.body.utf8.count)),
        ])
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: Self.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
