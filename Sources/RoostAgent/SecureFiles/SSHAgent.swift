import CRoostLinux
import FoundationEssentials
import Glibc
import RoostModel

/// An ssh-agent of a job.
struct SSHAgent: Sendable {
    let socket: String
    let process: Int32

    /// Starts one, which goes on in the background.
    static func start(_ work: StepWork) async throws -> SSHAgent {
        let program = try ExecutableSearch.require("ssh-agent", path: work.environment["PATH"])
        // Outside of the folder for temporary files, whose path may be longer than a socket's may be.
        let socket = "/tmp/roost-ssh-\(UUID().uuidString.lowercased().prefix(13))"
        let output = CapturedOutput()
        let outcome = try await run(program, ["-s", "-a", socket], [:], output, work)
        // SSH_AGENT_PID=123; export SSH_AGENT_PID;
        let number = output.text.split(separator: "SSH_AGENT_PID=").dropFirst().first?.prefix { $0.isNumber }
        guard outcome.end == .exited(0), let process = number.flatMap({ Int32($0) }) else {
            throw SSHFailure.agent(output.text.trimmingWhitespace)
        }
        return SSHAgent(socket: socket, process: process)
    }

    /// Ends it and waits until it has ended; its socket goes with it.
    func end(_ work: StepWork) async throws {
        // An isolated job has numbers of its own for its processes.
        if work.settings.walls?.isStanding == true { try await endInside(work) } else { endHere() }
        unlink(socket)
    }

    private func endInside(_ work: StepWork) async throws {
        let program = try ExecutableSearch.require("ssh-agent", path: work.environment["PATH"])
        let environment = ["SSH_AGENT_PID": String(process), "SSH_AUTH_SOCK": socket]
        let output = CapturedOutput()
        let outcome = try await Self.run(program, ["-k"], environment, output, work)
        guard outcome.end == .exited(0) else { throw SSHFailure.agent(output.text.trimmingWhitespace) }
    }

    private func endHere() {
        let handle = OwnedDescriptor(roost_pidfd_open(process))
        kill(process, SIGTERM)
        var event = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        // Readable at its end; an agent that does not end in time is ended with what else the job left.
        if handle.number >= 0 { _ = poll(&event, 1, Self.patience) }
    }

    /// Milliseconds.
    private static let patience: Int32 = 2000

    /// Takes a key in.
    static func add(
        _ key: String,
        passphrase: String?,
        _ environment: [String: String],
        _ work: StepWork
    ) async throws {
        let program = try ExecutableSearch.require("ssh-add", path: work.environment["PATH"])
        var environment = environment
        if let passphrase {
            // ssh-add asks a program for it; the passphrase itself is in no file and on no command line.
            let asker = try ScriptFile(
                "#!/bin/sh\nprintf '%s\\n' \"$ROOST_SSH_PASSPHRASE\"\n",
                folder: work.settings.folders.temp,
                suffix: "sh"
            )
            chmod(asker.path, 0o700)
            environment["SSH_ASKPASS"] = asker.path
            environment["SSH_ASKPASS_REQUIRE"] = "force"
            environment["DISPLAY"] = ":0"
            environment["ROOST_SSH_PASSPHRASE"] = passphrase
            defer { asker.remove() }
            try await change(program, [key], environment, work)
        } else {
            environment["SSH_ASKPASS"] = "/bin/false"
            environment["SSH_ASKPASS_REQUIRE"] = "force"
            try await change(program, [key], environment, work)
        }
    }

    /// Takes a key out again.
    static func remove(_ key: String, _ environment: [String: String], _ work: StepWork) async throws {
        let program = try ExecutableSearch.require("ssh-add", path: work.environment["PATH"])
        try await change(program, ["-d", key], environment, work)
    }

    private static func change(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ work: StepWork
    ) async throws {
        let output = CapturedOutput()
        let outcome = try await run(program, arguments, environment, output, work)
        guard outcome.end == .exited(0) else { throw SSHFailure.key(output.text.trimmingWhitespace) }
    }

    private static func run(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ output: CapturedOutput,
        _ work: StepWork
    ) async throws -> ProcessOutcome {
        let launch = ProcessLaunch(
            executable: program,
            arguments: arguments,
            environment: work.environment.merging(environment) { $1 },
            workingDirectory: work.settings.folders.temp
        )
        return try await work.execute(launch, receiver: output)
    }
}

/// Why a key is not in an agent.
enum SSHFailure: UserFacingError, Hashable {
    case agent(String)
    case key(String)

    var code: String { "ssh.failed" }

    var summary: String {
        switch self {
        case .agent(let text): "No ssh-agent could be started: \(text)"
        case .key(let text): "The key could not be added to the ssh-agent: \(text)"
        }
    }

    var advice: String? {
        switch self {
        case .agent: "Install OpenSSH's client on the agent's machine."
        case .key: "Check that the secure file is a private key and that 'sshPassphrase' is its passphrase."
        }
    }
}
