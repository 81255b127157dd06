public import Foundation
public import RoostModel

/// What is handed to a machine of an image when it starts, so that its agent joins by itself.
public struct BootValues: Sendable {
    /// The server.
    public var url: URL
    public var pool: String?
    /// The agent's name; nil lets the machine choose one.
    public var agent: String?
    /// An enrollment token.
    public var token: Secret
    /// Certificates of authorities that it trusts beside its own, in PEM.
    public var authority: String?

    public init(
        url: URL,
        pool: String? = nil,
        agent: String? = nil,
        token: Secret,
        authority: String? = nil
    ) {
        self.url = url
        self.pool = pool
        self.agent = agent
        self.token = token
        self.authority = authority
    }

    /// Where a machine finds them.
    static let path = "/run/roost/boot"

    /// Their lines, for a machine that reaches the server at an address that stands for it.
    ///
    /// - Throws: ``BootFailure/value(_:)`` for one that is no single line.
    package func text(door: ServerDoor? = nil) throws(BootFailure) -> String {
        var lines = [("ROOST_URL", door?.url.absoluteString ?? url.absoluteString), ("ROOST_TOKEN", token.exposed)]
        if let pool { lines.append(("ROOST_POOL", pool)) }
        if let agent { lines.append(("ROOST_AGENT", agent)) }
        if let authority { lines.append(("ROOST_AUTHORITY", Data(authority.utf8).base64EncodedString())) }
        if let line = door?.hostLine { lines.append(("ROOST_HOST", line)) }
        for (name, value) in lines where value.contains(where: { $0.isNewline || $0 == "\0" }) { throw .value(name) }
        return lines.map { "\($0)=\($1)\n" }.joined()
    }
}
