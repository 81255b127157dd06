import Glibc
import RoostModel

/// Finds out what this machine offers.
///
/// Later sources win over earlier ones: the environment, tools on PATH with their versions, the file `.capabilities`, the agent itself.
struct CapabilityScan: Sendable {
    let root: AgentRoot
    let agentName: String
    /// What jobs inherit.
    let environment: [String: String]
    /// A person started the agent, not a service manager.
    var isInteractive = true
    /// Versions of tools are asked for.
    var asksVersions = true
    /// Jobs are isolated: a program that they may have put there is not started, because it would not be.
    var isIsolated = false
    /// The file that says which image this machine runs.
    var imageRecord = ImageRecord.path

    func run() async -> Capabilities {
        async let hazards = HazardProbe(environment: environment, asksPrograms: asksVersions).run()
        var capabilities = EnvironmentCapabilities.list(environment).capabilities
        for (name, value) in await tools() { capabilities[name] = value }
        for (name, value) in LineFile.read(root.file(.capabilities)) { capabilities[name] = value }
        for (name, value) in facts() { capabilities[name] = value }
        if let text = AgentFinding.text(await hazards) { capabilities[AgentFinding.capability] = text }
        return capabilities
    }

    /// Names of variables that look secret and were left out.
    var keptBack: [String] { EnvironmentCapabilities.list(environment).keptBack }

    private func tools() async -> [(String, String)] {
        let found = CapabilityTool.all.compactMap { tool in
            tool.programs.lazy.compactMap { ExecutableSearch.find($0, path: environment["PATH"]) }.first.map {
                (tool, $0)
            }
        }
        var values = found.map { ($0.0.capability, $0.1) }
        guard asksVersions else { return values }
        var questions: [String: [String]] = [:]
        for (tool, path) in found where !(isIsolated && mayBeReplaced(path)) {
            if let arguments = tool.versionArguments { questions[path] = arguments }
        }
        let versions = await ToolVersions(cacheFile: root.toolVersions, environment: environment).find(questions)
        for (tool, path) in found where tool.versionArguments != nil {
            if let version = versions[path] { values.append((tool.versionCapability, version)) }
        }
        return values
    }

    /// The agent's user may write the program, or the folder it or the file behind its link is in.
    private func mayBeReplaced(_ path: String) -> Bool {
        [path, FileTree.resolved(path) ?? path].contains { path in
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
            return access(path, W_OK) == 0 || access(folder.isEmpty ? "/" : folder, W_OK) == 0
        }
    }

    private func facts() -> [(String, String)] {
        let system = OperatingSystem.current
        let known: [(String, String?)] = [
            ("Agent.Name", agentName), ("Agent.OS", "Linux"), ("Agent.OSArchitecture", MachineFacts.architecture),
            ("Agent.OSVersion", MachineFacts.kernel), ("Agent.Version", AgentVersion.level),
            ("Agent.ComputerName", MachineFacts.hostName), ("Agent.HomeDirectory", root.path),
            ("InteractiveSession", isInteractive ? "True" : "False"), ("Roost.Version", AgentVersion.roost),
            ("Machine.Distribution", system.id), ("Machine.DistributionVersion", system.version),
            ("Machine.Processors", String(OperatingSystem.processors)),
            ("Machine.MemoryMB", String(OperatingSystem.memory)),
            (ImageRecord.capability, SmallFile.read(imageRecord).flatMap(ImageRecord.init(text:))?.id),
        ]
        return known.compactMap { name, value in value.map { (name, $0) } }
    }
}
