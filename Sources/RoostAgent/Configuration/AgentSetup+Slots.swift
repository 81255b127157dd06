import FoundationEssentials
import Glibc
import RoostClient
import RoostControlGroups
import RoostModel
import RoostWire

/// Agents with several slots: each slot is an agent of its own, with a name, a key, a folder and a work folder, and all are configured at once.
extension AgentSetup {
    /// Registers as many agents as there are slots.
    ///
    /// - Throws: ``ConfigurationFailure``; none of them is left then.
    func registerSlots(_ count: Int, _ server: ConnectedServer) async throws(ConfigurationFailure) {
        let pool = try await choosePool(server)
        let question = "Enter agent name (press enter for \(MachineFacts.hostName))"
        let name = try questions.text("agent", question, fallback: MachineFacts.hostName)
        let work = try chooseWorkFolder()
        // Slots work below it, or beside it.
        if !work.hasPrefix("/") { rmdir(AgentFolders(root: root.path, work: work).work) }
        for number in 1...count {
            let slot = slot(number, of: count, "\(name)-\(number)", pool.name, work)
            let error = FileTree.make(slot.root.path, mode: 0o700)
            guard error == 0 else { throw .notWritable(path: slot.root.path, error: error) }
            journal.note(slot)
            try await slot.configureSlot(server)
        }
        let settings = AgentSettings(
            agentId: 0,
            agentName: name,
            poolId: pool.id ?? 0,
            poolName: pool.name ?? "",
            serverUrl: server.url,
            workFolder: work,
            slots: count,
            limits: try JobLimits.read(inputs)
        )
        try files.write(settings)
    }

    /// The setup of one slot, which asks nobody anything.
    private func slot(_ number: Int, of count: Int, _ name: String, _ pool: String?, _ work: String) -> AgentSetup {
        var values = ["agent": name, "unattended": "true"]
        values["pool"] = pool
        // A place that is named is parted; below the agent's folder each slot has its own already.
        values["work"] = work.hasPrefix("/") ? "\(work)/\(number)" : work
        return AgentSetup(
            root: root.slot(number),
            inputs: inputs.with(values),
            console: console,
            environment: environment,
            isBoot: isBoot,
            slotCount: count
        )
    }

    private func configureSlot(_ server: ConnectedServer) async throws(ConfigurationFailure) {
        guard !root.isConfigured else { throw .alreadyConfigured(root.path) }
        let work = inputs.text("work") ?? "_work"
        let folders = [AgentFolders(root: root.path, work: work).work, root.diagnostics]
        journal.begin(folders: folders.filter { !FileTree.exists($0) } + [root.path])
        try WorkFolderCheck.check(work, root: root)
        try await register(server)
    }

    /// The slots of a configured agent; the agent itself when it has none.
    var agents: [AgentSetup] {
        let slots = root.slots
        guard !slots.isEmpty else { return [self] }
        return slots.map { AgentSetup(root: $0, inputs: inputs, console: console, environment: environment) }
    }

    /// Says now what would otherwise be found out when the agent starts.
    ///
    /// - Throws: ``ConfigurationFailure/limitValue(_:_:expected:)``, or ``ConfigurationFailure/limitsNotKept(_:)`` where nothing can keep the limits.
    func checkLimits() throws(ConfigurationFailure) {
        guard let limits = try JobLimits.read(inputs) else { return }
        let missing = ControlGroups.ofThisProcess().missing.map(\.rawValue).filter(limits.names.contains)
        guard !missing.isEmpty else {
            console.say("Each job may use \(limits.sentence).")
            return
        }
        let names = missing.map { "'\($0)'" }.joined(separator: ", ")
        guard FileTree.isFolder("/run/systemd/system"), Self.hands(missing) else {
            throw .limitsNotKept(
                "this user may not use the control groups \(names), and no systemd of this machine can hand them to a service"
            )
        }
        console.say(
            "Each job may use \(limits.sentence). That is kept when the agent is a service (./svc.sh install), which systemd hands control groups; started by hand it will not run."
        )
    }

    /// Whether the machine's control groups of the second version have all of these.
    private static func hands(_ controllers: [String]) -> Bool {
        let text = SmallFile.read("/sys/fs/cgroup/cgroup.controllers") ?? ""
        let names = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
        return names.isSuperset(of: controllers)
    }
}
