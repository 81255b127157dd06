import FoundationEssentials
import RoostModel

/// `InstallSSHKey@0`: a private key in an ssh-agent of the job, and the host's own key among those that are known.
///
/// The agent that the task starts is ended, and `known_hosts` and `config` are what they were, when the job ends.
struct InstallSSHKeyTask: PreJobTask, PostJobTask {
    let runsBeforeJob = true
    let runsOnMachine = true

    static let reference = TaskReference(
        id: "5c9af2eb-5fc5-42dc-9b91-dc234a8c4400",
        name: "InstallSSHKey",
        version: "0.172.0"
    )

    let title = "Install SSH key"

    /// All was done before the first step, as in the vendor's task.
    func run(_ work: StepWork) async throws -> TaskResult {
        work.output.writeLine("The key was added before the first step of the job.")
        return .succeeded
    }

    func runBeforeJob(_ work: StepWork) async throws -> TaskResult {
        guard let hosts = work.input("knownHostsEntry") ?? work.input("hostName") else {
            throw TaskFailure.inputMissing("knownHostsEntry")
        }
        guard let name = work.input("sshKeySecureFile") else { throw TaskFailure.inputMissing("sshKeySecureFile") }
        if let passphrase = work.inputs["sshpassphrase"] { work.masker.add(passphrase, name: "sshPassphrase") }
        let key = try await SecureFileFetch.fetch(name, "sshKeySecureFile", work)
        var undo = SSHUndo(keyFolder: String(key[..<(key.lastIndex(of: "/") ?? key.endIndex)]))
        defer { work.memos.put(undo, for: work.step.id) }
        if let known = work.input("sshPublicKey") { try writePublicKey(known, beside: key) }
        let agent = try await agent(work)
        undo.agent = agent.started
        try await SSHAgent.add(key, passphrase: work.input("sshPassphrase"), agent.environment, work)
        undo.addedKey = agent.started == nil ? key : nil
        let folder = try SSHFolder(home: work.environment["HOME"] ?? "/root")
        undo.files.append(try folder.append(hosts, to: "known_hosts"))
        if work.flag("addEntryToConfig"), let host = work.input("configHostAlias") {
            undo.files.append(try folder.append(configEntry(host, key, work), to: "config"))
        }
        return .succeeded
    }

    /// `ssh-add` reads the public half beside the private one for a certificate only; other programs want it there.
    private func writePublicKey(_ text: String, beside key: String) throws {
        let error = SmallFile.create("\(text)\n", at: "\(key).pub", mode: 0o600)
        guard error == 0 else { throw TaskFolderFailure.fileNotWritten("\(key).pub", reason: systemMessage(error)) }
    }

    /// The agent that is there, or a new one whose variables later steps see.
    private func agent(_ work: StepWork) async throws -> (environment: [String: String], started: SSHAgent?) {
        if let socket = work.variables["SSH_AUTH_SOCK"], FileTree.exists(socket) {
            return (["SSH_AUTH_SOCK": socket], nil)
        }
        let agent = try await SSHAgent.start(work)
        work.command("##vso[task.setvariable variable=SSH_AUTH_SOCK]\(agent.socket)")
        work.command("##vso[task.setvariable variable=SSH_AGENT_PID]\(agent.process)")
        return (["SSH_AUTH_SOCK": agent.socket], agent)
    }

    private func configEntry(_ alias: String, _ key: String, _ work: StepWork) -> String {
        var lines = ["Host \(alias)"]
        if let host = work.input("configHostname") { lines.append("  HostName \(host)") }
        if let user = work.input("configUser") { lines.append("  User \(user)") }
        if let port = work.input("configPort") { lines.append("  Port \(port)") }
        lines.append("  IdentityFile \(key)")
        return lines.joined(separator: "\n")
    }

    func runAfterJob(_ work: StepWork) async throws -> TaskResult {
        guard let undo = work.memos.take(SSHUndo.self, for: work.step.id) else { return .succeeded }
        if let key = undo.addedKey, let socket = work.variables["SSH_AUTH_SOCK"] {
            try await SSHAgent.remove(key, ["SSH_AUTH_SOCK": socket], work)
        }
        try await undo.agent?.end(work)
        for file in undo.files { file.restore() }
        FileTree.delete(undo.keyFolder)
        work.output.writeLine("The key, the agent and the entries in the folder .ssh are gone.")
        return .succeeded
    }
}

/// What is to be undone after the job.
struct SSHUndo: Sendable {
    var keyFolder: String
    var agent: SSHAgent?
    /// A key in an agent that was there before.
    var addedKey: String?
    var files: [SSHFolder.Change] = []
}
