import FoundationEssentials
import Glibc
import RoostWire

/// How the agent of a machine that was just made begins: with lines on its standard input, in the process that then listens.
enum AgentBoot {
    /// Names of the lines, and the arguments that they stand for.
    private static let arguments = [
        "ROOST_URL": "url", "ROOST_POOL": "pool", "ROOST_AGENT": "agent", "ROOST_TOKEN": "token",
    ]
    /// A key that was made beforehand, because making one takes longer than all the rest: the content of the file that agents have it in.
    private static let keyName = "ROOST_KEY"
    /// Certificates of authorities to trust beside the system's, in PEM and then in Base64.
    private static let authorityName = "ROOST_AUTHORITY"
    /// `machine` when the machine is its job's alone and keeps it from everything else.
    private static let isolationName = "ROOST_ISOLATION"
    private static let most = 1 << 20

    /// What it joins.
    struct Values: Sendable {
        var inputs: AgentInputs
        var key: AgentKey?
        /// Written before it registers.
        var authority: HandedAuthority?
        var hasOwnMachine = false
    }

    /// Reads to the end and lets go of the input, so that no child inherits it.
    ///
    /// - Returns: the lines of each agent, which an empty line parts; several for a machine that runs several jobs at once.
    static func joinings() -> [String] {
        let lines = readAll().split(separator: "\n", omittingEmptySubsequences: false)
        let blocks = lines.split { $0.allSatisfy(\.isWhitespace) }
        return blocks.map { $0.joined(separator: "\n") + "\n" }
    }

    /// What lines say.
    ///
    /// - Parameters:
    ///   - joining: the lines of one agent.
    ///   - given: the command line.
    ///   - root: where the agent is to be.
    /// - Returns: what is configured.
    /// - Throws: ``ConfigurationFailure/inputEnded`` when there is no line of these.
    static func take(
        _ joining: String,
        _ given: AgentInputs,
        _ root: AgentRoot
    ) throws(ConfigurationFailure) -> Values {
        let lines = joining.split(whereSeparator: \.isNewline)
        var values = ["auth": "pat", "unattended": "true", "replace": "true", "keyprotection": "file"]
        var key: AgentKey?
        var authority: HandedAuthority?
        var hasOwnMachine = false
        for line in lines {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            if let argument = arguments[String(parts[0])] { values[argument] = String(parts[1]) }
            if parts[0] == authorityName {
                authority = Data(base64Encoded: String(parts[1])).map { HandedAuthority(root: root, certificates: $0) }
            }
            if parts[0] == isolationName { hasOwnMachine = parts[1] == "machine" }
            if parts[0] == keyName { key = try? AgentKey(fileContent: Data(String(parts[1]).utf8)) }
        }
        guard values["url"] != nil, values["token"] != nil else { throw .inputEnded }
        for name in ["sslcacert", "isolation", "hide"] { values[name] = given.text(name) }
        if authority != nil, values["sslcacert"] == nil { values["sslcacert"] = root.handedAuthority }
        let commandLine = AgentCommandLine(verb: .configure, values: values)
        return Values(
            inputs: AgentInputs(commandLine, variables: [:]),
            key: key,
            authority: authority,
            hasOwnMachine: hasOwnMachine
        )
    }

    private static func readAll() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < most {
            let count = read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        dup2(nothing, 0)
        close(nothing)
        return String(decoding: bytes, as: UTF8.self)
    }
}
