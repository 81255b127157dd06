import Foundation
import Logging
import RoostAgent
import RoostModel
import RoostProviders
import RoostServer
import RoostWire

/// What makes machines of elastic pools on the server's own machine.
enum LocalProviders {
    /// Those that could be set up; what one of them cannot do here, its readiness says.
    ///
    /// - Parameters:
    ///   - configuration: says which are wanted, and where the server keeps its data.
    ///   - logger: hears of those that are missing.
    /// - Returns: by the name that pools call them.
    static func all(_ configuration: ServerConfiguration, logger: Logger) -> [String: any MachineProvider] {
        let wanted = ServerConfiguration.words(of: configuration.machineProviders)
        guard wanted.contains(where: { $0 != "none" }) else { return [:] }
        let own = AgentProgram.current()
        let beside = URL(filePath: own.executable).deletingLastPathComponent().appending(path: "roost-agent").path
        let keeper = KeeperProgram(executable: own.executable)
        // Making a key takes longer than starting a machine.
        let keys = AgentKeyStock { Secret(String(decoding: try AgentKey.generate().fileContent, as: UTF8.self)) }
        let place = URL(fileURLWithPath: configuration.data).standardizedFileURL.path + "/machines"
        var providers: [String: any MachineProvider] = [:]
        func add(_ name: String, _ make: () throws -> any MachineProvider) {
            guard wanted.contains(name) else { return }
            do { providers[name] = try make() } catch {
                logger.warning(
                    "a provider of machines is missing",
                    metadata: ["provider": "\(name)", "error": "\(error)"]
                )
            }
        }
        add(ProcessProvider.name) {
            let isThere = FileManager.default.isExecutableFile(atPath: beside)
            let program: MachineProgramChoice =
                isThere ? .agent(beside) : .agent(own.executable, leading: [AgentProgram.word])
            return try ProcessProvider(folder: "\(place)/process", program: program, keeper: keeper, keys: keys)
        }
        add(SandboxProvider.name) {
            try SandboxProvider(
                folder: "\(place)/sandbox",
                program: .agent(beside, authorityFile: nil),
                keeper: keeper,
                keys: keys,
                shown: ServerConfiguration.words(of: configuration.machineFiles)
            )
        }
        add("vm") { VMProvider(folder: "\(place)/vm", program: own.executable, keys: keys) }
        return providers
    }
}
