/// What an invocation of the agent is to do.
public enum AgentVerb: String, Sendable, CaseIterable {
    /// Register this machine in a pool.
    case configure
    /// Take the registration back.
    case remove
    /// Make a new key for the same registration.
    case reauth
    /// Listen for jobs; what is meant when no verb is given.
    case run
    /// Register with what standard input says, then listen: for machines that were just made.
    case boot
    /// Nothing: Azure Pipelines' agent loads its programs here, which this one does when it runs.
    case warmup
    /// Print a secret of a vault, read with the machine's identity.
    case readSecret = "read-secret"
    /// Print something that the machine's metadata endpoint knows.
    case machineFact = "machine-fact"
    /// Wait until the server says that the agent is online.
    case waitOnline = "wait-online"
    /// Wait at a serial port for what makes this machine itself: many begin in the same memory.
    case wake
    /// Say what is wrong with the agent.
    case doctor
    /// Look after the agent's disk.
    case upkeep
    /// Put what helps to find a fault into one archive.
    case diagnostics
    /// Be a service of the machine; ``ServiceCommand`` takes it before anything else is read.
    case service

    /// By name in any letter case.
    init?(word: String) {
        self.init(rawValue: word.lowercased())
    }

    /// One line for `--help`.
    var summary: String {
        switch self {
        case .configure: "register this machine as an agent of a pool"
        case .remove: "remove the agent from its pool and delete its configuration"
        case .reauth: "give the agent a new key, with the token of a person"
        case .run: "listen for jobs (also when no command is given)"
        case .boot:
            "register with the lines ROOST_URL=, ROOST_POOL=, ROOST_AGENT= and ROOST_TOKEN= of standard input, then listen"
        case .warmup: "accepted for compatibility; does nothing"
        case .readSecret: "print a secret of a vault, read with the machine's identity"
        case .machineFact: "print what the machine's metadata endpoint knows: roost-url or roost-vault-suffix"
        case .wake:
            "wait at a serial port, set clock and random numbers as it says, and print the other lines: for machines that begin in a saved memory"
        case .doctor: "look at the agent, its machine and the way to its server, and say what is wrong and what to do"
        case .upkeep:
            "show what is on the agent's disk, remove what is too old, and make room where there is too little"
        case .diagnostics:
            "write logs, configuration, findings and capabilities, without secrets, into one archive for whoever looks into a fault"
        case .service: "be a service of this machine: service install [USER], start, stop, status or uninstall, as root"
        case .waitOnline: "wait, two minutes at most, until the server says that the agent is online"
        }
    }
}
