import Glibc
import RoostModel

/// What a machine runs.
public struct MachineProgramChoice: Hashable, Sendable {
    /// An absolute path.
    public var executable: String
    /// The first is the program's name; `{root}` stands for the agent's folder.
    public var words: [String]

    /// Any program; it reads what it joins from its standard input.
    public init(executable: String, words: [String]) {
        self.executable = executable
        self.words = words
    }

    /// The agent's program, which joins and listens for jobs.
    ///
    /// - Parameters:
    ///   - executable: an absolute path.
    ///   - leading: what stands before the agent's own words.
    ///   - authorityFile: of an authority that is trusted beside the system's.
    /// - Returns: the program and its words.
    public static func agent(
        _ executable: String,
        leading: [String] = [],
        authorityFile: String? = nil
    ) -> MachineProgramChoice {
        let authority = authorityFile.map { ["--sslcacert", $0] } ?? []
        return MachineProgramChoice(
            executable: executable,
            words: [executable] + leading + ["boot", "--root", "{root}"] + authority
        )
    }

    /// What programs of a machine find programs in.
    static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    func arguments(root: String) -> [String] { words.map { $0 == "{root}" ? root : $0 } }

    /// Why it cannot be run on this computer; nil when it can.
    var failure: ProviderFailure? {
        guard access(executable, X_OK) != 0 else { return nil }
        return .unavailable("There is no program \(executable)", advice: "Install the agent beside the server.")
    }
}
