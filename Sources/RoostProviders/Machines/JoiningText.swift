import FoundationEssentials
import RoostModel

/// What an agent reads at its start: lines of names and values, as images with an agent are handed them.
struct JoiningText {
    let joining: MachineJoining
    /// That the agent shall have; nil lets it make one.
    var key: Secret?
    /// The machine keeps its jobs from everything else.
    var keepsApart = false

    /// The lines.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` for a value that is no single line.
    var lines: String {
        get throws(ProviderFailure) {
            var values = [
                ("ROOST_URL", joining.url.absoluteString), ("ROOST_POOL", joining.pool), ("ROOST_AGENT", joining.agent),
                // It goes into a pipe that only the agent has.
                ("ROOST_TOKEN", joining.token.exposed),
            ]
            if let authority = joining.authority {
                values.append(("ROOST_AUTHORITY", Data(authority.utf8).base64EncodedString()))
            }
            if keepsApart, joining.isForOneJob { values.append(("ROOST_ISOLATION", "machine")) }
            if let key { values.append(("ROOST_KEY", key.exposed)) }
            for (name, value) in values where value.contains(where: { $0.isNewline || $0 == "\0" }) {
                throw .failed("\(name) of the machine is not one line")
            }
            return values.map { "\($0)=\($1)\n" }.joined()
        }
    }

    /// What the agents of a machine read, one for each of its slots; an empty line parts them.
    ///
    /// - Parameters:
    ///   - order: with what they join.
    ///   - keys: made ahead.
    ///   - keepsApart: whether the machine keeps its jobs from everything else.
    /// - Returns: the lines.
    /// - Throws: ``ProviderFailure/failed(_:)`` for a value that is no single line.
    static func lines(
        of order: MachineOrder,
        _ keys: AgentKeyStock?,
        keepsApart: Bool
    ) throws(ProviderFailure) -> String {
        var blocks: [String] = []
        for joining in order.joinings {
            blocks.append(try JoiningText(joining: joining, key: keys?.take(), keepsApart: keepsApart).lines)
        }
        return blocks.joined(separator: "\n")
    }
}
