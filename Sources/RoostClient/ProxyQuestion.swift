import FoundationEssentials
import NIOCore
import NIOPosix
import RoostModel

/// Asks a proxy once more for a connection, to learn what it answers: the HTTP client tells only that this was no success.
enum ProxyQuestion {
    /// A person may wait for it.
    private static let patience = TimeAmount.seconds(10)
    /// More than this before the end of its first line is no answer of a proxy.
    private static let longestLine = 4096

    /// The status of its answer to `CONNECT`.
    ///
    /// - Parameters:
    ///   - proxy: whom to ask, with its user and password.
    ///   - url: to whom the connection is wanted.
    ///   - group: serves the connection.
    /// - Returns: nil when it gives none.
    static func status(_ proxy: Proxy, for url: String, on group: any EventLoopGroup) async -> Int? {
        guard let parsed = URL(string: url), let host = parsed.host else { return nil }
        let port = parsed.port ?? (parsed.scheme?.lowercased() == "https" ? 443 : 80)
        let login = proxy.user.map { user in
            let pair = Data("\(user):\(proxy.password?.exposed ?? "")".utf8).base64EncodedString()
            return "Proxy-Authorization: Basic \(pair)\r\n"
        }
        let question = "CONNECT \(host):\(port) HTTP/1.1\r\nHost: \(host):\(port)\r\n\(login ?? "")\r\n"
        let bootstrap = ClientBootstrap(group: group).connectTimeout(patience)
        guard
            let channel = try? await bootstrap.connect(
                host: proxy.host,
                port: proxy.port,
                channelInitializer: { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            )
        else { return nil }
        let raw = channel.channel
        let limit = raw.eventLoop.scheduleTask(in: patience) { raw.close(promise: nil) }
        defer { limit.cancel() }
        let line = try? await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: question))
            var text = ""
            for try await part in inbound {
                text += String(buffer: part)
                if text.contains("\n") || text.utf8.count > longestLine { break }
            }
            return text
        }
        // HTTP/1.1 407 Proxy Authentication Required
        let words = (line ?? "").split(separator: " ", maxSplits: 2)
        return words.count > 1 && words[0].hasPrefix("HTTP/") ? Int(words[1].prefix(3)) : nil
    }
}
