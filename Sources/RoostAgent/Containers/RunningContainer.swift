/// A container in which steps can run.
struct RunningContainer: Sendable {
    let alias: String
    let id: String
    let engine: any ContainerEngine
    let paths: ContainerPaths
    /// Other folders of the machine that stand inside under their own names.
    let foldersInPlace: [String]
    /// PATH of the image.
    let imagePath: String
    let hasBash: Bool
    /// Nil is the user of the options.
    let user: String?
    /// What the agent itself has, which is not for containers.
    let agentEnvironment: [String: String]
    /// For files with variables.
    let temporary: String

    /// A launch as it is inside: the program by its name, folders by their names inside, variables through the engine's program.
    ///
    /// - Returns: the launch, and the variables whose file must be written before and deleted after it.
    func redirect(_ launch: ProcessLaunch) -> (launch: ProcessLaunch, environment: ClientEnvironment) {
        let environment = ClientEnvironment(environment(launch.environment), folder: temporary)
        let call = ContainerCall(
            command: [program(launch.executable)] + launch.arguments.map(paths.inside),
            environment: environment,
            workingDirectory: paths.inside(launch.workingDirectory),
            user: user
        )
        return (engine.exec(id, call), environment)
    }

    /// A program of the machine has its own place inside; one in the agent's folders is the same file.
    private func program(_ path: String) -> String {
        let inside = paths.inside(path)
        if inside != path || !path.hasPrefix("/") { return inside }
        if foldersInPlace.contains(where: { path.hasPrefix("\($0)/") }) { return path }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// What the step adds to the agent's own variables.
    private func environment(_ all: [String: String]) -> [String: String] {
        var values = all.filter { agentEnvironment[$0.key] != $0.value }.mapValues(paths.inside)
        let own = agentEnvironment["PATH"] ?? ExecutableSearch.defaultPath
        if let path = all["PATH"], path != own {
            let isPrepended = path.hasSuffix(":\(own)")
            values["PATH"] =
                isPrepended ? paths.inside(String(path.dropLast(own.utf8.count))) + imagePath : paths.inside(path)
        } else {
            values["PATH"] = nil
        }
        return values
    }
}
